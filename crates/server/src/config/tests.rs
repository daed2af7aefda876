use super::*;
use secrecy::ExposeSecret;

fn load(file: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
    let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    Config::from_parts(Some((Path::new("s.toml"), file)), environment).map_err(|error| error.to_string())
}

#[test]
fn the_defaults_are_the_documented_ones_and_all_of_them_are_read() {
    let config = load("", &[]).unwrap();
    assert_eq!(config.host, host::Settings::default());
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.public_url(config.listen), "http://127.0.0.1:8080");
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let file =
        "publicUrl = \"https://example.com/board/\"\n[sending]\nsettleWindow = \"60s\"\nresendsMax = 5\n";
    let environment = [
        ("SWITCHBOARD_SENDING_SETTLE_EVERY", "5ms"),
        ("SWITCHBOARD_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1"),
        ("SWITCHBOARD_ENCRYPTION_KEY_FILE", "/etc/switchboard/key"),
        ("SWITCHBOARD_DATABASE_URL", "sqlite:other.db"),
        ("SWITCHBOARD_TOKEN", "for the command line"),
        ("SWITCHBOARD_SERVICE_PORT_HTTP", "8080"),
        ("HOME", "not ours"),
    ];
    let problem = load(file, &environment).unwrap_err();
    assert_eq!(
        problem,
        "SWITCHBOARD_SENDING_SETTLE_EVERY: sending.settleEvery must be from 100ms to 86400s, and is \"5ms\""
    );
    let mut environment = environment;
    environment[0] = ("SWITCHBOARD_SENDING_SETTLE_WINDOW", "90s");
    let config = load(file, &environment).unwrap();
    assert_eq!(config.host.settle_window, Duration::from_secs(90));
    assert_eq!(config.host.resends_max, 5);
    assert_eq!(config.public_url.as_deref(), Some("https://example.com/board"));
    assert!(config.trusted_proxies.contains("192.0.2.1".parse().unwrap()));
    assert_eq!(config.encryption.key_file, Some(PathBuf::from("/etc/switchboard/key")));
    assert_eq!(config.database.url.expose_secret(), "sqlite:other.db");
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (file, expected) in [
        ("listne = \"x\"", "s.toml:1:1: there is no setting listne (did you mean listen?)"),
        (
            "\n[sending]\n  settleWindwo = \"1s\"",
            "s.toml:3:3: there is no setting sending.settleWindwo (did you mean sending.settleWindow?)",
        ),
        (
            "[sending]\nsettleWindow = 120",
            "s.toml:2:1: sending.settleWindow must be a duration such as 500ms, 10s, 5m, 24h or 7d, and is \"120\"",
        ),
        (
            "[sending]\nonUnknown = \"drop\"",
            "s.toml:2:1: sending.onUnknown must be resend or hold, and is \"drop\"",
        ),
        (
            "listen = \"localhost\"",
            "s.toml:1:1: listen must be an address and a port such as 127.0.0.1:8080, and is \"localhost\"",
        ),
        ("listen = [\"127.0.0.1:1\"]", "s.toml:1:1: listen takes one value, not a list"),
        ("trustedProxies = \"10.0.0.1\"", "s.toml:1:1: trustedProxies takes a list"),
        (
            "publicUrl = \"example.com\"",
            "s.toml:1:1: publicUrl must be http:// or https://, a host, and nothing after the path, and is \"example.com\"",
        ),
        (
            "[limits]\nhooksAtOnce = 0",
            "s.toml:2:1: limits.hooksAtOnce must be a whole number from 1 to 1000000, and is \"0\"",
        ),
        (
            "[encryption]\nkey = 2026-11-23",
            "s.toml:2:1: encryption.key is not a text, a number or a list of texts",
        ),
    ] {
        assert_eq!(load(file, &[]).unwrap_err(), expected, "{file}");
    }
    let problem = load("listen = ", &[]).unwrap_err();
    assert!(problem.starts_with("s.toml:1:") && problem.contains("not valid TOML"), "{problem}");
    let problem = load("", &[("SWITCHBOARD_LISTE", "x")]).unwrap_err();
    assert_eq!(problem, "SWITCHBOARD_LISTE: there is no such setting (did you mean SWITCHBOARD_LISTEN?)");
}

#[test]
fn the_settling_window_outlasts_a_request() {
    let settled = |request: &str, window: &str| {
        let file = format!("[sending]\nrequestLimit = {request:?}\nsettleWindow = {window:?}\n");
        load(&file, &[]).map(|config| config.host.settle_window)
    };
    for (request, window) in [("3s", "5s"), ("3s", "8s"), ("15s", "17s"), ("60s", "120s")] {
        assert!(settled(request, window).is_ok(), "{request} {window}");
    }
    assert_eq!(
        settled("3s", "4999ms").unwrap_err(),
        "s.toml:3:1: sending.settleWindow must be from 5s to 604800s, and is \"4999ms\" \
         (at least sending.requestLimit and 2s: until then a request may still create the text)"
    );
    let default_limit = load("[sending]\nsettleWindow = \"16s\"\n", &[]).unwrap_err();
    assert!(default_limit.contains("must be from 17s"), "{default_limit}");
}

#[test]
fn every_problem_is_told_at_once() {
    let problems = load("a = 1\nlisten = \"x\"\n", &[("SWITCHBOARD_LOG_FORMAT", "xml")]).unwrap_err();
    assert_eq!(problems.lines().count(), 3, "{problems}");
}
