//! Campaign codes, in words.

use crate::{
    domain::{codes::code::CodeStatus, time::Time},
    text::Texts,
    view_models::codes::{CodeDetails, CodeRow, ShortDate},
};

impl Texts {
    /// The name of a status.
    pub(crate) fn code_status(&self, status: CodeStatus) -> String {
        match status {
            CodeStatus::Active => self.codes_status_active(),
            CodeStatus::Inactive => self.codes_status_inactive(),
            CodeStatus::Expired => self.codes_status_expired(),
            CodeStatus::LimitReached => self.codes_status_limit_reached(),
        }
    }

    /// An instant as tables show it.
    pub(crate) fn short_date(&self, at: Time) -> ShortDate {
        ShortDate { day: self.day(at), moment: self.moment(at), datetime: at.rfc_3339() }
    }

    /// A code as the table shows it.
    pub(crate) fn code_row(&self, code: CodeDetails) -> CodeRow {
        let uses = self.number(code.uses);
        let beneficiary = code.beneficiary_email.as_deref().map(crate::domain::accounts::email::readable);
        CodeRow {
            sign_ups: code.max_uses.map_or_else(|| uses.clone(), |most| format!("{uses} / {}", self.number(most))),
            clicks: self.number(code.clicks),
            created: self.short_date(code.created_at),
            expires: code.expires_at.map(|at| self.short_date(at)),
            beneficiary: beneficiary.map(|email| email.into_owned()).unwrap_or_default(),
            beneficiary_id: code.beneficiary_id,
            id: code.id,
            code: code.code,
            description: code.description,
            category: code.category,
            active: code.active,
            status: code.status,
            status_if_active: code.status_if_active,
        }
    }
}
