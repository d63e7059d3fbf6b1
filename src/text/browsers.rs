//! What browsers are called.

use crate::text::Texts;

impl Texts {
    /// A user agent in words, as `Firefox on Linux`. The order tells families from those that pretend to be them.
    pub(crate) fn browser(&self, user_agent: &str) -> String {
        let find = |known: &[(&str, &'static str)]| {
            known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| (*name).to_owned())
        };
        let browser = find(&[
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ]);
        let system = find(&[
            ("Windows", "Windows"),
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Mac OS X", "Mac"),
            ("Linux", "Linux"),
        ]);
        match (browser, system) {
            (None, None) => self.browser_unknown(),
            (browser, system) => self.browser_on(
                browser.unwrap_or_else(|| self.browser_unknown()),
                system.unwrap_or_else(|| self.browser_unknown_system()),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::text::{english, spanish};

    #[test]
    fn browsers_have_names() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(
            (english().browser(firefox), english().browser(edge)),
            ("Firefox on Linux".into(), "Edge on Windows".into())
        );
        assert_eq!(
            (english().browser("curl/8"), spanish().browser("")),
            ("Unknown browser".into(), "Navegador desconocido".into())
        );
        assert_eq!(english().browser("Firefox/1"), "Firefox on an unknown system");
        assert_eq!(spanish().browser(edge), "Edge en Windows");
    }
}
