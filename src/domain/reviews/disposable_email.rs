//! E-mail addresses for a few minutes, which anybody can have in any number.

/// Domains of such addresses, sorted; `disposable-email-domains`, in the public domain (CC0).
static DOMAINS: &str = include_str!("disposable_domains.txt");

/// The domain of this address, or one above it, that gives out addresses for a few minutes.
pub fn disposable_domain(email: &str) -> Option<&str> {
    let (_, mut domain) = email.rsplit_once('@')?;
    loop {
        if is_listed(domain) {
            return Some(domain);
        }
        (_, domain) = domain.split_once('.')?;
    }
}

fn is_listed(domain: &str) -> bool {
    let lines = DOMAINS.as_bytes();
    let (mut low, mut high) = (0, lines.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = lines[..middle].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let end = lines[middle..].iter().position(|byte| *byte == b'\n').map_or(lines.len(), |end| middle + end);
        match lines[start..end].cmp(domain.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_listed_domain_is_found_and_no_other() {
        assert!(DOMAINS.lines().count() > 5_000);
        for domain in DOMAINS.lines() {
            assert_eq!(disposable_domain(&format!("bob@{domain}")), Some(domain));
        }
        for email in ["bob@gmail.com", "bob@example.com", "bob@com", "bob", "", "mailinator.com", "bob@mailinator"] {
            assert_eq!(disposable_domain(email), None, "{email}");
        }
    }

    #[test]
    fn a_domain_below_a_listed_one_counts_as_well() {
        assert_eq!(disposable_domain("bob@post.mailinator.com"), Some("mailinator.com"));
        assert_eq!(disposable_domain("bob@mailinator.com.example.org"), None);
    }
}
