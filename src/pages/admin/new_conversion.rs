//! A payment that is added by hand.

use crate::{
    components::{
        admin_layout::AdminLayout,
        breadcrumbs::Breadcrumbs,
        button::Submit,
        field::{Field, Kind},
        form::PostForm,
    },
    functions::conversions::load_new_conversion,
    pages::load,
    text::texts,
    view_models::conversions::NewConversion,
};
use leptos::prelude::*;

/// The page that adds a payment.
#[component]
pub fn NewConversionPage() -> impl IntoView {
    load(load_new_conversion(), |new| view! { <NewConversionView new=new /> })
}

#[component]
fn NewConversionView(new: NewConversion) -> impl IntoView {
    let texts = texts();
    view! {
        <AdminLayout title=texts.conversion_new()>
            <Breadcrumbs trail=vec![("/admin/conversions", texts.conversions_title())] />
            <div class="single card">
                <h1>{texts.conversion_new()}</h1>
                <p class="note">{texts.conversion_new_note()}</p>
                <PostForm name="add_payment" once=true>
                    <Field name="person" label=texts.conversions_payer() hint=texts.conversion_person() />
                    <Field
                        name="amount"
                        label=texts.conversions_amount()
                        kind=Kind::Decimal
                        hint=texts.conversion_new_amount_hint()
                    />
                    <Field
                        name="currency"
                        label=texts.conversion_currency()
                        hint=texts.conversion_currency_hint()
                        value=new.currency
                    />
                    <Field
                        name="occurred_at"
                        label=texts.conversion_paid_at_label(texts.zone_name())
                        kind=Kind::Moment
                        value=texts.moment_field(new.now)
                    />
                    <Field
                        name="source_id"
                        label=texts.conversion_reference()
                        hint=texts.conversion_reference_hint()
                        optional=true
                    />
                    <Field
                        name="product"
                        label=texts.conversion_product()
                        hint=texts.conversion_product_hint()
                        optional=true
                    />
                    <Submit>{texts.conversion_new_submit()}</Submit>
                </PostForm>
            </div>
        </AdminLayout>
    }
}
