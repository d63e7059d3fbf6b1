//! Formatting of whole numbers.

/// A whole number with its thousands apart: `1,234,567`.
pub fn grouped(number: i64) -> String {
    grouped_by(number, ",")
}

/// The same with `group` between the thousands.
pub fn grouped_by(number: i64, group: &str) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = sign(number).to_owned();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push_str(group);
        }
        text.push(digit);
    }
    text
}

/// The minus of a negative number; nothing before others.
pub fn sign(number: i64) -> &'static str {
    if number < 0 { "−" } else { "" }
}
