//! The lists of people that other programs export, by the names that their columns have there.

use crate::server::{commands::import::columns::Places, config::cli::Vendor};

/// The columns of users that such a list may have.
const COLUMNS: [&str; 8] =
    ["email", "full_name", "first_name", "last_name", "phone", "external_id", "locale", "created_at"];

impl Vendor {
    const ALL: [Self; 5] = [Self::Mailchimp, Self::Shopify, Self::Stripe, Self::Woocommerce, Self::Ghost];

    /// The name that the vendor goes by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mailchimp => "Mailchimp",
            Self::Shopify => "Shopify",
            Self::Stripe => "Stripe",
            Self::Woocommerce => "WooCommerce",
            Self::Ghost => "Ghost",
        }
    }

    /// The vendor whose export has this head, if it is plainly one.
    pub fn of_head(head: &[String]) -> Option<Self> {
        let has = |name: &&str| head.iter().any(|head| head.eq_ignore_ascii_case(name));
        Self::ALL.into_iter().find(|vendor| vendor.marks().iter().all(has))
    }

    /// Columns that together only this vendor writes.
    fn marks(self) -> &'static [&'static str] {
        match self {
            Self::Mailchimp => &["Email Address", "OPTIN_TIME"],
            Self::Shopify => &["Email", "Accepts Email Marketing"],
            Self::Stripe => &["id", "Email", "Created (UTC)"],
            Self::Woocommerce => &["Email", "Last Active", "Total Spend"],
            Self::Ghost => &["email", "subscribed_to_emails", "complimentary_plan"],
        }
    }

    /// What the vendor calls a column of users; the first that is there is taken.
    fn names_of(self, column: &str) -> &'static [&'static str] {
        match (self, column) {
            (Self::Mailchimp, "email") => &["Email Address"],
            (Self::Mailchimp, "phone") => &["Phone Number"],
            (Self::Mailchimp, "external_id") => &["EUID"],
            (Self::Mailchimp, "locale") => &["Language"],
            // It is there also where somebody was added without opting in.
            (Self::Mailchimp, "created_at") => &["CONFIRM_TIME", "OPTIN_TIME"],
            (Self::Shopify, "external_id") => &["Customer ID"],
            (Self::Stripe | Self::Ghost, "external_id") => &["id"],
            (Self::Stripe, "created_at") => &["Created (UTC)"],
            (Self::Woocommerce, "created_at") => &["Sign Up", "Date registered"],
            (Self::Ghost, "created_at") => &["created_at"],
            (Self::Stripe | Self::Woocommerce | Self::Ghost, "full_name") => &["name"],
            (Self::Mailchimp | Self::Shopify, "first_name") => &["First Name"],
            (Self::Mailchimp | Self::Shopify, "last_name") => &["Last Name"],
            (Self::Shopify | Self::Stripe, "phone") => &["Phone"],
            (_, "email") => &["Email"],
            _ => &[],
        }
    }

    /// The columns of users by the names of a head; the vendor's other columns are passed over.
    pub fn find(self, head: &[String]) -> Result<Places, String> {
        let place = |name: &&str| head.iter().position(|head| head.eq_ignore_ascii_case(name));
        let places: Places = COLUMNS
            .into_iter()
            .filter_map(|column| Some((column, self.names_of(column).iter().find_map(place)?)))
            .collect();
        if places.contains_key("email") {
            return Ok(places);
        }
        let missing = self.names_of("email").first().unwrap_or(&"email");
        Err(format!("this is no export from {}: the column {missing:?} is missing", self.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_vendor_is_known_by_its_head() {
        for (vendor, head, created_at) in [
            (Vendor::Mailchimp, "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,EUID", Some(4)),
            (Vendor::Shopify, "Customer ID,First Name,Last Name,Email,Accepts Email Marketing", None),
            (Vendor::Stripe, "id,Description,Email,Name,Created (UTC),Delinquent", Some(4)),
            (Vendor::Woocommerce, "Name,Username,Last Active,Sign Up,Email,Orders,Total Spend,AOV", Some(3)),
            (Vendor::Ghost, "id,email,name,note,subscribed_to_emails,complimentary_plan,created_at", Some(6)),
        ] {
            let head: Vec<String> = head.split(',').map(str::to_owned).collect();
            assert_eq!(Vendor::of_head(&head), Some(vendor));
            assert_eq!(vendor.find(&head).expect("its export").get("created_at").copied(), created_at, "{vendor:?}");
        }
        let own = crate::server::exports::users::COLUMNS.map(str::to_owned);
        assert_eq!(Vendor::of_head(&own), None);
        let said = Vendor::Mailchimp.find(&own).expect_err("another file");
        assert_eq!(said, "this is no export from Mailchimp: the column \"Email Address\" is missing");
    }
}
