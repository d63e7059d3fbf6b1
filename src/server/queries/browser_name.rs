//! What browsers are called.

/// A user agent in words, as `Firefox on Linux`. The order tells families from those that pretend to be them.
pub fn browser_name(user_agent: &str) -> String {
    let find = |known: &[(&str, &'static str)], other| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map_or(other, |(_, name)| *name)
    };
    let browser = find(
        &[("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")],
        "A browser",
    );
    let system = find(
        &[
            ("Windows", "Windows"),
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Mac OS X", "Mac"),
            ("Linux", "Linux"),
        ],
        "an unknown system",
    );
    format!("{browser} on {system}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_have_names() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(
            (browser_name(firefox).as_str(), browser_name(edge).as_str()),
            ("Firefox on Linux", "Edge on Windows")
        );
        assert_eq!(browser_name("curl/8"), "A browser on an unknown system");
    }
}
