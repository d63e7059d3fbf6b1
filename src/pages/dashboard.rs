//! The referrer's dashboard.

use crate::{
    components::{
        alert::{Notice, Tone},
        card::Card,
        form::Submitted,
        layout::Layout,
        scripts::Scripts,
        share::ShareLinks,
        stat::Stat,
    },
    functions::dashboard::load_dashboard,
    islands::{
        copy_link::CopyLink,
        live_goal::LiveGoal,
        live_number::{Counter, LiveNumber},
        reward_list::RewardList,
        share_sheet::ShareSheet,
    },
    pages::{activity::Activity, load},
    text::texts,
    view_models::{
        dashboard::Dashboard,
        page::PageContext,
        rewards::{RefusedReward, RewardWords},
        stats::UserStats,
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
    view! {
        <Layout title="Dashboard">
            <h1>"Hello, " {data.username}</h1>
            <Notices program_enabled=data.program_enabled code_active=data.code_active />
            <div class="dashboard">
                <LinkCard link=data.link />
                <Card id="goal" title="Your goal" note="Sign-ups with your link." class="goal-card">
                    <LiveGoal initial=data.stats />
                    <p>
                        <a href="/referrals">{texts().friends_all()}</a>
                    </p>
                </Card>
                <Card id="rewards" title=texts().rewards_title() class="rewards">
                    <RewardList initial=data.rewards words=reward_words() refused=refused_reward() />
                </Card>
                <Numbers stats=data.stats />
                <Activity
                    title="Last 30 days"
                    quiet="Share your link, and every visit shows up here."
                    days=data.days
                    refresh_on="stats"
                />
            </div>
            <Scripts />
        </Layout>
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
            <Notice tone=Tone::Warn title="The program is paused.">
                "Your link still works, but nothing is counted until the program goes on."
            </Notice>
        }
    });
    let off = (!code_active).then(|| {
        view! {
            <Notice tone=Tone::Warn title="Your link is switched off.">
                "An admin has switched it off, so visits do not count at the moment."
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
    let text = format!("Join me at {}!", expect_context::<PageContext>().program_name);
    let content = if link.is_empty() {
        Either::Left(view! { <p>"Your link is being made. Please come back in a minute."</p> })
    } else {
        let code = link.rsplit('/').next().unwrap_or_default().to_owned();
        Either::Right(view! {
            <CopyLink link=link.clone() label="Your link".to_owned() />
            <p class="note">"Friends may also type your code when they sign up: " <strong>{code}</strong></p>
            <ul class="share" aria-label="Share your link">
                <li>
                    <ShareSheet link=link.clone() text=text.clone() />
                </li>
                <ShareLinks link=link text=text />
            </ul>
        })
    };
    view! {
        <Card id="link" title="Your link" note="Everyone who signs up with it counts for you." class="link-card">
            {content}
        </Card>
    }
}

#[component]
fn Numbers(stats: UserStats) -> impl IntoView {
    view! {
        <section class="numbers" aria-label="Your numbers">
            <dl>
                <Stat
                    label="Clicks"
                    note=move || {
                        view! {
                            "by "
                            <LiveNumber initial=stats which=Counter::UniqueClicks />
                        }
                    }
                >
                    <LiveNumber initial=stats which=Counter::Clicks />
                </Stat>
                <Stat label="Sign-ups" note=|| "joined with your link">
                    <LiveNumber initial=stats which=Counter::Signups />
                </Stat>
                <Stat label="Conversions" note=|| "became customers">
                    <LiveNumber initial=stats which=Counter::Conversions />
                </Stat>
            </dl>
        </section>
    }
}
