//! The notice that an e-mail address is not confirmed yet.

use crate::{
    components::{
        button::{Submit, Weight},
        form::PostForm,
        icon::{Icon, Symbol},
    },
    text::texts,
};
use leptos::prelude::*;

/// Says which address is to be confirmed; its button has the mail sent again, and leads back to the page `from`.
#[component]
pub fn ConfirmNotice(email: String, from: &'static str) -> impl IntoView {
    let texts = texts();
    view! {
        <div class="notice neutral confirm-email">
            <Icon of=Symbol::Info />
            <p>
                <strong>{texts.confirm_title()}</strong>
                " "
                {texts.confirm_note(email)}
            </p>
            <PostForm name="send_confirmation">
                <input type="hidden" name="from" value=from />
                <Submit weight=Weight::Plain>{texts.confirm_send_again()}</Submit>
            </PostForm>
        </div>
    }
}
