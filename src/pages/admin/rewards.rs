//! The list of rewards.

use crate::{
    components::{
        admin_layout::AdminLayout,
        button::{Submit, Weight},
        csv::Csv,
        empty::Empty,
        field::Labelled,
        form::{PostForm, Submitted},
        icon::Symbol,
        pager::Pager,
        select::Options,
        table::Table,
    },
    domain::rewards::reward::RewardState,
    functions::rewards::load_rewards,
    pages::{
        admin::{
            query,
            reward_bar::Bar,
            reward_parts::{Day, Person, RuleLink, State, until},
        },
        load,
    },
    text::texts,
    view_models::{
        reward_pages::{CONDITIONS, RewardQuery, RewardsPage as Data},
        rewards::RewardRow,
    },
};
use leptos::{either::Either, prelude::*};

/// The address of the list.
pub const PATH: &str = "/admin/rewards";

/// The list of rewards. `person`, `state`, `kind` and `rule` in its address are the filter, `after` where it begins.
#[component]
pub fn RewardsPage() -> impl IntoView {
    let after = query("after");
    let page = load_rewards(query("person"), query("state"), query("kind"), query("rule"), after.clone());
    load(page, move |page| view! { <RewardsView page=page after=after /> })
}

#[component]
fn RewardsView(page: Data, after: String) -> impl IntoView {
    let texts = texts();
    let first = (!after.is_empty()).then(|| page.query.address(PATH, ""));
    let next = page.next.as_ref().map(|next| page.query.address(PATH, next));
    let csv = (!page.rows.is_empty()).then(|| page.query.address("/admin/rewards.csv", ""));
    let here = page.query.address(PATH, &after);
    let content = match page.rows.is_empty() {
        true => Either::Left(view! { <NoRows all=after.is_empty() && page.query.is_empty() /> }),
        false => Either::Right(view! { <Rows page=page.clone() here=here /> }),
    };
    view! {
        <AdminLayout title=texts.admin_rewards_title()>
            <h1>{texts.admin_rewards_title()}</h1>
            <Filters page=page />
            {content}
            <Pager first=first next=next />
            <Csv href=csv />
        </AdminLayout>
    }
}

#[component]
fn Filters(page: Data) -> impl IntoView {
    let texts = texts();
    let Data { query, kinds, rules, .. } = page;
    let all = || vec![(String::new(), texts.admin_rewards_all())];
    let mut states = all();
    states.extend(RewardState::ALL.iter().map(|state| (state.as_str().to_owned(), texts.admin_reward_state(*state))));
    states.extend(CONDITIONS.map(|name| (name.to_owned(), texts.admin_reward_condition(name))));
    let mut of_kind = all();
    of_kind.extend(kinds.into_iter().map(|kind| (kind.clone(), texts.admin_reward_kind(&kind))));
    let mut by_rule = all();
    by_rule.extend(rules.into_iter().map(|(id, name)| {
        let number = id.to_string();
        (number.clone(), texts.admin_reward_rule_named(number, texts.described(&name)))
    }));
    if !by_rule.iter().any(|(id, _)| *id == query.rule) && query.rule.parse::<i64>().is_ok() {
        by_rule.push((query.rule.clone(), texts.admin_reward_rule_deleted(query.rule.clone())));
    }
    view! {
        <form method="get" role="search" class="filters">
            <Labelled id="state" label=texts.admin_rewards_state()>
                <select id="state" name="state" autocomplete="off">
                    <Options choices=states chosen=query.state />
                </select>
            </Labelled>
            <Labelled id="kind" label=texts.admin_rewards_kind()>
                <select id="kind" name="kind" autocomplete="off">
                    <Options choices=of_kind chosen=query.kind />
                </select>
            </Labelled>
            <Labelled id="person" label=texts.admin_rewards_person()>
                <input
                    id="person"
                    type="search"
                    name="person"
                    value=query.person
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                />
            </Labelled>
            <Labelled id="rule" label=texts.admin_rewards_rule()>
                <select id="rule" name="rule" autocomplete="off">
                    <Options choices=by_rule chosen=query.rule />
                </select>
            </Labelled>
            <Submit weight=Weight::Plain>{texts.admin_rewards_search()}</Submit>
        </form>
    }
}

/// Leads on from a list without rows: `all` when there is no reward at all.
#[component]
fn NoRows(all: bool) -> impl IntoView {
    let texts = texts();
    let (title, note, href, link) = if all {
        (texts.admin_rewards_none(), texts.admin_rewards_none_note(), "/admin/rules", texts.admin_rewards_see_rules())
    } else {
        (
            texts.admin_rewards_nothing_found(),
            texts.admin_rewards_nothing_found_note(),
            PATH,
            texts.admin_rewards_show_all(),
        )
    };
    view! {
        <Empty symbol=Symbol::Chart title=title>
            {note}
            " "
            <a href=href>{link}</a>
        </Empty>
    }
}

/// The rows with their boxes, and what can be done to those that are selected. `here` is the address of this very list.
#[component]
fn Rows(page: Data, here: String) -> impl IntoView {
    let texts = texts();
    let columns = vec![
        (texts.admin_rewards_what(), false),
        (texts.admin_rewards_recipient(), false),
        (texts.admin_rewards_friend(), false),
        (texts.admin_rewards_rule(), false),
        (texts.admin_rewards_state(), false),
        (texts.admin_rewards_until(), false),
        (texts.admin_rewards_made(), false),
    ];
    let Data { rows, rules, .. } = page;
    let row = move |row: RewardRow| {
        let deleted = !rules.iter().any(|(id, _)| *id == row.reward.rule_id);
        view! { <Row row=row deleted=deleted /> }
    };
    view! {
        <div class="whole">
            <PostForm>
                <input type="hidden" name="back" value=here />
                <Table caption=texts.admin_rewards_caption() columns=columns blocks=true>
                    {rows.into_iter().map(row).collect_view()}
                </Table>
                <Bar />
            </PostForm>
        </div>
    }
}

/// `deleted` when its rule is.
#[component]
fn Row(row: RewardRow, deleted: bool) -> impl IntoView {
    let RewardRow { reward, recipient, referee_id, referee, .. } = row;
    let texts = texts();
    let id = reward.id.to_string();
    let chosen = use_context::<Submitted>().unwrap_or_default().value("ids").unwrap_or_default();
    let ticked = chosen.split(',').any(|chosen| chosen == id);
    let what = texts.admin_reward_what(&reward);
    let name = if recipient.is_empty() { texts.admin_reward_an_account_gone() } else { recipient.clone() };
    let label = texts.admin_rewards_choose(what.clone(), name);
    let note = [texts.admin_reward_description(&reward), texts.admin_rewards_number(id.clone())];
    let note = note.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <tr data-testid="reward-row" data-state=reward.state.as_str() data-kind=reward.kind.clone()>
            <th scope="row">
                <label class="pick">
                    <input type="checkbox" name="ids" value=id.clone() checked=ticked aria-label=label autocomplete="off" />
                </label>
                <a href=format!("{PATH}/{id}")>{what}</a>
                <span class="note">{note}</span>
            </th>
            <td data-label=texts.admin_rewards_recipient()>
                <Person id=reward.user_id name=recipient />
            </td>
            <td data-label=texts.admin_rewards_friend()>
                <Person id=referee_id name=referee />
            </td>
            <td data-label=texts.admin_rewards_rule()>
                <RuleLink id=reward.rule_id deleted=deleted />
            </td>
            <td data-label=texts.admin_rewards_state()>
                <State reward=reward.clone() />
            </td>
            <td data-label=texts.admin_rewards_until()>{until(&reward)}</td>
            <td data-label=texts.admin_rewards_made()>
                <Day at=reward.created_at />
            </td>
        </tr>
    }
}

/// The address of the rewards of somebody, by their e-mail.
pub fn rewards_of(email: &str) -> String {
    RewardQuery { person: email.to_owned(), ..RewardQuery::default() }.address(PATH, "")
}
