//! The referrer's dashboard.

use crate::{
    components::{
        alert::{Notice, Tone},
        card::Card,
        confirm_notice::ConfirmNotice,
        copy_link::CopyLink,
        form::Submitted,
        layout::Layout,
        metric_tiles::Change,
        scripts::Scripts,
        share::ShareButtons,
        stat::{Recent, Stat},
    },
    domain::time::Time,
    functions::dashboard::load_dashboard,
    islands::{
        live_goal::LiveGoal,
        live_number::{Counter, LiveNumber},
        reward_list::RewardList,
    },
    pages::{
        activity::Activity,
        friends::{FriendName, FriendState},
        load,
    },
    text::texts,
    view_models::{
        dashboard::Dashboard,
        friends::Friend,
        page::PageContext,
        rewards::{RefusedReward, RewardWords},
        statistics::DayCounts,
        stats::{CountText, GoalWords, UserStats},
    },
};
use leptos::{either::Either, prelude::*};

/// The dashboard.
#[component]
pub fn DashboardPage() -> impl IntoView {
    load(load_dashboard(), |data| view! { <DashboardView data=data /> })
}

#[component]
fn DashboardView(data: Dashboard) -> impl IntoView {
    let texts = texts();
    let goal_words = goal_words(!data.rewards.cards.is_empty());
    view! {
        <Layout title=texts.dashboard_title()>
            <h1>{texts.dashboard_hello(data.username)}</h1>
            <Notices program_enabled=data.program_enabled code_active=data.code_active />
            {data.unconfirmed.map(|email| view! { <ConfirmNotice email=email from="/dashboard" /> })}
            <div class="dashboard">
                <LinkCard link=data.link />
                <Card id="goal" title=texts.dashboard_goal_title() note=texts.dashboard_goal_note() class="goal-card">
                    <div data-refresh-asleep="stats">
                        <LiveGoal initial=data.stats words=goal_words />
                    </div>
                </Card>
                <Card id="rewards" title=texts.rewards_title() class="rewards">
                    <div data-refresh-asleep="rewards">
                        <RewardList initial=data.rewards words=reward_words() refused=refused_reward() />
                    </div>
                </Card>
                <Numbers stats=data.stats days=data.days.clone() before=data.days_before />
                <Activity
                    title=texts.dashboard_activity()
                    quiet=texts.dashboard_activity_quiet()
                    days=data.days
                    channels=data.channels
                    refresh_on="stats"
                />
                <LatestFriends friends=data.friends now=data.now />
            </div>
            <Scripts />
        </Layout>
    }
}

/// The words that the goal needs in the browser.
fn goal_words(has_rewards: bool) -> GoalWords {
    let texts = texts();
    GoalWords {
        left: CountText::new(texts.number_group(), |count, digits| texts.dashboard_goal_left(count, digits)),
        reached: texts.dashboard_goal_reached(),
        over: CountText::new(texts.number_group(), |count, digits| texts.dashboard_goal_over(count, digits)),
        bar: texts.dashboard_goal_bar(),
        share: texts.dashboard_goal_share(),
        rewards: if has_rewards { texts.dashboard_goal_rewards() } else { String::new() },
    }
}

/// The words that the list of rewards needs in the browser.
fn reward_words() -> RewardWords {
    let texts = texts();
    RewardWords {
        redeem: texts.reward_redeem(),
        choose: texts.reward_choose_action(),
        offline: texts.reward_offline(),
        earlier: texts.rewards_earlier(),
        more: texts.rewards_more(),
        none: texts.rewards_none(),
        none_note: texts.rewards_none_note(),
        share: texts.rewards_share(),
    }
}

/// The form that was refused, if one was sent without scripts.
fn refused_reward() -> Option<RefusedReward> {
    let sent = use_context::<Submitted>()?;
    let message = sent.errors.first()?.message.clone();
    Some(RefusedReward { id: sent.value("id")?, message })
}

#[component]
fn Notices(program_enabled: bool, code_active: bool) -> impl IntoView {
    let paused = (!program_enabled).then(|| {
        view! {
            <Notice tone=Tone::Warn title=texts().dashboard_paused_title()>
                {texts().dashboard_paused()}
            </Notice>
        }
    });
    let off = (!code_active).then(|| {
        view! {
            <Notice tone=Tone::Warn title=texts().dashboard_link_off_title()>
                {texts().dashboard_link_off()}
            </Notice>
        }
    });
    view! {
        {paused}
        {off}
    }
}

#[component]
fn LinkCard(link: String) -> impl IntoView {
    let texts = texts();
    let text = texts.share_text(expect_context::<PageContext>().program_name);
    let content = if link.is_empty() {
        Either::Left(view! { <p>{texts.dashboard_link_pending()}</p> })
    } else {
        let code = link.rsplit('/').next().unwrap_or_default().to_owned();
        Either::Right(view! {
            <CopyLink link=link.clone() label=texts.dashboard_link_title() />
            <ShareButtons link=link text=text />
            <p class="note">{texts.dashboard_code()} " " <strong>{code}</strong></p>
            <OwnQrCode />
        })
    };
    view! {
        <Card id="link" title=texts.dashboard_link_title() note=texts.dashboard_link_note() class="link-card">
            {content}
        </Card>
    }
}

/// The QR code of one's own link, which is fetched when it is unfolded.
#[component]
fn OwnQrCode() -> impl IntoView {
    let texts = texts();
    view! {
        <details class="qr">
            <summary>{texts.share_qr()}</summary>
            <img src="/dashboard/qr.svg" alt=texts.share_qr_picture() width="192" height="192" loading="lazy" />
            <p class="actions">
                <a href="/dashboard/qr.png" download="qr.png">{texts.share_qr_png()}</a>
                <a href="/dashboard/qr.svg" download="qr.svg">{texts.share_qr_svg()}</a>
            </p>
        </details>
    }
}

/// The numbers of all time, each with what it was in the days of the chart and how that differs from the days before.
#[component]
fn Numbers(stats: UserStats, days: Vec<DayCounts>, before: Vec<DayCounts>) -> impl IntoView {
    let texts = texts();
    let recent = |number: fn(&DayCounts) -> i64| {
        let sum = |days: &[DayCounts]| days.iter().map(number).sum::<i64>();
        let now = sum(&days);
        let text = texts.dashboard_recent(texts.number(now));
        Recent { text, change: Change::of_count(&texts, now, sum(&before)), refresh_on: "stats" }
    };
    let (recent_clicks, recent_sign_ups) = (recent(|day| day.clicks), recent(|day| day.signups));
    let recent_conversions = recent(|day| day.conversions);
    let conversions = CountText::bare();
    let (clicks, sign_ups) = (conversions.clone(), conversions.clone());
    let people = CountText::new(texts.number_group(), |count, digits| texts.dashboard_clicks_people(count, digits));
    let (sign_ups_note, conversions_note) = (texts.dashboard_sign_ups_note(), texts.dashboard_conversions_note());
    view! {
        <section class="numbers" aria-label=texts.dashboard_numbers() data-refresh-asleep="stats">
            <dl>
                <Stat
                    label=texts.dashboard_clicks()
                    note=move || view! { <LiveNumber initial=stats which=Counter::UniqueClicks text=people /> }
                    recent=recent_clicks
                >
                    <LiveNumber initial=stats which=Counter::Clicks text=clicks />
                </Stat>
                <Stat label=texts.dashboard_sign_ups() note=move || sign_ups_note recent=recent_sign_ups>
                    <LiveNumber initial=stats which=Counter::Signups text=sign_ups />
                </Stat>
                <Stat label=texts.dashboard_conversions() note=move || conversions_note recent=recent_conversions>
                    <LiveNumber initial=stats which=Counter::Conversions text=conversions />
                </Stat>
            </dl>
        </section>
    }
}

#[component]
fn LatestFriends(friends: Vec<Friend>, now: Time) -> impl IntoView {
    let texts = texts();
    let content = if friends.is_empty() {
        Either::Left(view! { <p class="note">{texts.dashboard_friends_none()}</p> })
    } else {
        let row = |friend: Friend| {
            let joined = texts.dashboard_friend_joined(texts.ago(friend.joined_at, now));
            view! {
                <li data-testid="latest-friend">
                    <p>
                        <FriendName name=friend.name />
                        <time
                            class="note"
                            datetime=friend.joined_at.rfc_3339()
                            title=texts.moment(friend.joined_at)
                        >
                            {joined}
                        </time>
                    </p>
                    <FriendState customer=friend.customer />
                </li>
            }
        };
        Either::Right(view! {
            <ul class="rows">{friends.into_iter().map(row).collect_view()}</ul>
            <p>
                <a href="/referrals">{texts.friends_all()}</a>
            </p>
        })
    };
    view! {
        <Card id="friends" title=texts.dashboard_friends() class="latest-friends" refresh_on="stats">
            {content}
        </Card>
    }
}
