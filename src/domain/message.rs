//! What is said about a value: a key and its values. The words are made in the text room.

use crate::domain::codes::code::CodeProblem;
use serde::{Deserialize, Serialize};

/// All that a field or a form can be refused for. Lengths are numbers of characters where nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "key", content = "values", rename_all = "snake_case")]
pub enum Message {
    /// Parts of a request are missing or cannot be read.
    Malformed,
    /// The value is none of those that can be chosen.
    ChoiceUnknown,
    WholeNumber {
        min: i64,
        max: i64,
    },
    AtLeast {
        min: i64,
    },
    OneLine {
        max: usize,
    },
    /// A character that nobody sees: a control character, or one without width.
    InvisibleCharacters,
    NameLength {
        min: usize,
        max: usize,
    },
    TextLength {
        max: usize,
    },
    /// No date with a time of day.
    MomentMalformed,
    InThePast,
    /// No full web address.
    AddressMalformed,
    ColorMalformed,
    CurrencyMalformed,
    /// No amount of a currency.
    AmountMalformed {
        currency: String,
        /// Digits that may stand after the point.
        digits: u32,
    },
    /// Nothing, or less.
    AmountNotPositive,
    /// More is net than was paid.
    NetAboveGross,
    /// A payment that has not happened yet.
    PaymentInFuture,
    /// More would be refunded than was paid.
    RefundTooLarge {
        /// What can still be refunded, in smallest units.
        left: i64,
        currency: String,
    },
    /// The same payment was told of with another amount.
    OtherAmount {
        /// What was told first, in smallest units.
        known: i64,
        currency: String,
    },
    /// Two payments of different people would become one.
    PaymentsOfDifferentPeople,
    /// A payment of somebody else has this reference.
    PaymentOfSomebodyElse,
    /// Nothing says who has paid.
    PayerMissing,
    /// Two ways to name one person name two.
    PayersDiffer,
    /// The refund was told of with another amount, or of another payment.
    OtherRefund,
    /// Too many names of a payment, or some that are none.
    ReferencesMalformed {
        max: usize,
    },
    /// Stripe says what was paid.
    AmountFromStripe,
    /// No account has the e-mail, username or id of the host product.
    PayerUnknown,
    /// Who has paid is erased, and stays the one who has paid.
    PayerErased,
    /// No kind of rewards.
    RewardKindMalformed {
        max: usize,
    },
    /// A kind of the admin's own does not say what it counts.
    RewardUnitMissing,
    /// A percentage of something that is no payment, or that is no money.
    RewardPercentOfNothing,
    /// No percentage of something.
    RewardPercentMalformed,
    /// A rule names both an amount and a percentage.
    RewardAmountOrPercent,
    /// A condition about payments, of a rule about sign-ups.
    RewardConditionOfPayments,
    /// A rule for a milestone does not say which.
    RewardMilestoneMissing,
    /// A milestone, of a rule for something else.
    RewardMilestoneElsewhere,
    /// A reward for a milestone that the friend would get.
    RewardMilestoneRecipient,
    /// A condition or cap that is about one friend or payment, of a rule for a milestone.
    RewardNotForMilestone,
    /// A group without an option, or the reverse.
    RewardGroupAndOption,
    /// Rules of one group are not for the same person on the same occasion.
    RewardGroupMixed,
    /// No time zone has this name.
    TimeZoneUnknown,
    /// It ends before it begins.
    EndsBeforeStart,
    /// A use was told of with another amount, or of another kind.
    OtherUse,
    /// There are several currencies or units of the kind.
    CurrencyNeeded,

    /// The prefix of personal codes has other characters or is too long.
    PersonalPrefix {
        max: usize,
    },
    /// The name of a parameter has other characters or is too long.
    ParameterName {
        max: usize,
    },
    /// Two parameters would have one name.
    ParameterNamesAlike,
    /// None of the scopes of keys.
    ScopesUnknown,
    /// No origin of web pages.
    OriginMalformed {
        origin: String,
    },
    /// A publishable key without origins, or with too many.
    OriginCount {
        max: usize,
    },
    /// The same form was sent before, and its key was shown then.
    KeyMadeBefore {
        ends_with: String,
    },

    EmailMalformed,
    /// No tag of a language.
    LocaleMalformed,
    /// A sign-up that has not happened yet.
    SignUpInFuture,
    /// A sign-up that is too long ago to be credited.
    SignUpTooLongAgo {
        days: i64,
    },
    /// Why an admin decides something.
    ReasonLength {
        min: usize,
        max: usize,
    },
    /// Nobody is credited for their own sign-up.
    OwnCode,
    /// Nobody is credited for a colleague's sign-up.
    SameAccount,
    UsernameLength {
        min: usize,
        max: usize,
    },
    UsernameCharacters,
    PasswordTooShort {
        min: usize,
    },
    PasswordTooLong {
        /// Bytes.
        max: usize,
    },
    /// One that attackers try first.
    PasswordCommon,
    /// The e-mail or the username of its owner.
    PasswordIsName,
    PasswordWrong,
    CurrentPasswordWrong,
    /// E-mail and password do not belong together, or there is no such account.
    SignInMismatch,
    /// The address that somebody wants is the one that they have.
    EmailUnchanged,
    /// A host product asks for something that a disabled user may not do.
    UserDisabled,
    /// Said to the person who signs up.
    EmailTaken,
    UsernameTaken,
    /// E-mail or username; which is not known.
    AccountTaken,
    /// Said to an admin about somebody else’s e-mail, username or external id.
    OtherUserHasThis,
    /// No free name was found at random.
    NoFreeUsername,
    ConsentMissing,
    /// Whoever deletes many things at once has not ticked that this is meant.
    DeletionUnconfirmed,
    SetUpTokenWrong,
    /// Nobody else can come in as an admin.
    OnlyAdmin,
    /// Admins cannot take away their own rights.
    OwnRights,

    /// Nobody joins without a code that works.
    CodeRequired,
    CodeUnusable(CodeProblem),
    CodeCharacters {
        min: usize,
        max: usize,
    },
    CodeTaken,
    /// No free code was found at random.
    NoFreeCode,
    DescriptionLength {
        min: usize,
        max: usize,
    },
    CategoryLength {
        max: usize,
    },
    LimitBelowUses {
        uses: i64,
    },
    /// No account has the e-mail.
    BeneficiaryUnknown,
    /// No account has the id.
    BeneficiaryIdUnknown,

    /// The prefix of many codes has other characters or is too long.
    PrefixCharacters {
        max: usize,
    },
    /// How many codes can be made at once.
    CodeCount {
        min: i64,
        max: i64,
    },
    /// Lines of a list, from 1, in which something is no address.
    RecipientsMalformed {
        lines: Vec<usize>,
    },
    /// How many addresses can be sent codes at once.
    RecipientCount {
        max: i64,
    },
    /// More addresses than codes that can be given away.
    CodesTooFew {
        needed: i64,
        left: i64,
    },
    /// Prefix and random characters together.
    CodeTooShort {
        min: usize,
    },
    /// So many different codes need longer ones.
    MoreCharacters {
        count: i64,
        /// Random characters of each code.
        min: usize,
    },

    /// A job found nearly all codes taken that it can make.
    CodesUsedUp {
        /// Random characters of each code.
        length: usize,
        prefix: String,
    },
    /// A job was begun again and again and never ended.
    JobNeverEnds,
    /// A job of another version of the program.
    JobUnknown,
    /// The database did not take what a job wrote.
    JobDatabaseFailed,
    /// A job ended in a way that nobody foresaw.
    JobBroke,
    /// A job cannot be tried again while another one does the same.
    JobOpenAlready,

    /// The mail server said something that is no yes.
    MailServerSaid {
        /// In its own words.
        answer: String,
    },
    /// There is no way to the mail server.
    MailServerUnreachable {
        /// In words of the system.
        reason: String,
    },
    MailServerSilent,
    /// Mail would go out without encryption.
    MailServerUnencrypted,
    /// No mail can be sent to an address, or not by this server.
    MailAddressUnusable,
    /// A mail of another version of the program.
    MailUnknown,

    /// Something is asked for rewards, of which none is chosen.
    NoRewardChosen,
    /// What was decided about a referral has taken effect already.
    TooLateToUndo,

    /// The address of an endpoint is of this machine or of its own network.
    AddressForbidden,
    /// An endpoint without a type of event.
    NoEventChosen,
    /// There are as many endpoints as there may be.
    TooManyEndpoints {
        max: i64,
    },
    /// The same form was sent before, and its secret was shown then.
    SecretShownBefore,
    /// A range of events that has no beginning.
    ReplayWithoutStart,
    /// What is sent again is sent to nobody: its endpoint is off.
    EndpointOff,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_key_with_values() {
        for (message, json) in [
            (Message::InThePast, r#"{"key":"in_the_past"}"#),
            (Message::OneLine { max: 3 }, r#"{"key":"one_line","values":{"max":3}}"#),
            (Message::CodeUnusable(CodeProblem::CodeExpired), r#"{"key":"code_unusable","values":"code_expired"}"#),
        ] {
            assert_eq!(serde_json::to_string(&message).expect("JSON"), json);
            assert_eq!(serde_json::from_str::<Message>(json).expect("a message"), message);
        }
    }
}
