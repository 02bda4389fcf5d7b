use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::*;

use super::*;

const PLANTED: &str = "Pl4nted";

#[derive(Debug, PartialEq)]
struct Plain {
    address: String,
    user: String,
    password: Option<String>,
    database: Option<String>,
    tls: Tls,
    timeout: Option<Duration>,
}

fn plain(dsn: &Dsn) -> Plain {
    Plain {
        address: dsn.address.to_string(),
        user: dsn.user.clone(),
        password: dsn.password.as_ref().map(|secret| secret.expose().to_owned()),
        database: dsn.database.clone(),
        tls: dsn.tls.clone(),
        timeout: dsn.timeout,
    }
}

fn parsed(text: &str) -> Parsed {
    Dsn::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn tls(text: &str) -> Tls {
    parsed(text).dsn.tls
}

fn required(verify: Verify) -> Tls {
    Tls::Required(TlsOptions { verify, ca: None, cert: None, key: None })
}

/// Text, address, user, password, database.
type Case = (&'static str, &'static str, &'static str, Option<&'static str>, Option<&'static str>);

#[test]
fn reads_who_and_where_in_both_forms() {
    let cases: &[Case] = &[
        // The URL.
        ("mysql://app:pw@db1:3307/sess", "db1:3307", "app", Some("pw"), Some("sess")),
        ("  mysql://app:pw@db1:3307/sess\n", "db1:3307", "app", Some("pw"), Some("sess")),
        ("MySQL://app@DB1/sess", "DB1:3306", "app", None, Some("sess")),
        ("mysql://db1", "db1:3306", "", None, None),
        ("mysql://db1/", "db1:3306", "", None, None),
        ("mysql://db1?timeout=5s", "db1:3306", "", None, None),
        ("mysql://", "127.0.0.1:3306", "", None, None),
        ("mysql:///sess", "127.0.0.1:3306", "", None, Some("sess")),
        ("mysql://app:pw@/sess", "127.0.0.1:3306", "app", Some("pw"), Some("sess")),
        ("mysql://app:pw@:3307/sess", "127.0.0.1:3307", "app", Some("pw"), Some("sess")),
        ("mysql://app:@db1/s", "db1:3306", "app", Some(""), Some("s")),
        ("mysql://:pw@db1/s", "db1:3306", "", Some("pw"), Some("s")),
        ("mysql://a%40b:p%40%2F%3A%23%25@db1/s%2Ft", "db1:3306", "a@b", Some("p@/:#%"), Some("s/t")),
        ("mysql://app:p@w:x@db1/s", "db1:3306", "app", Some("p@w:x"), Some("s")),
        ("mysql://app:100%@db1/s", "db1:3306", "app", Some("100%"), Some("s")),
        ("mysql://app:p+w@db1/s+t", "db1:3306", "app", Some("p+w"), Some("s+t")),
        ("mysql://app:%C3%A4%0A@db1/%C3%B6", "db1:3306", "app", Some("ä\n"), Some("ö")),
        ("mysql://app:pä@dbä/sä", "dbä:3306", "app", Some("pä"), Some("sä")),
        ("mysql://app@bücher.example/s", "bücher.example:3306", "app", None, Some("s")),
        ("mysql://app@[::1]:3307/s", "[::1]:3307", "app", None, Some("s")),
        ("mysql://app@[2001:DB8::1]/s", "[2001:db8::1]:3306", "app", None, Some("s")),
        ("mysql://app@[fe80::1%25eth0]:3307/s", "[fe80::1%eth0]:3307", "app", None, Some("s")),
        ("mysql://app@[FE80:0::1%eth0]/s", "[fe80::1%eth0]:3306", "app", None, Some("s")),
        ("mysql://app@10.0.0.1/s", "10.0.0.1:3306", "app", None, Some("s")),
        ("mysql://app@h/s?socket=/run/my+sql.sock", "/run/my+sql.sock", "app", None, Some("s")),
        ("mysql://app:pw@/s?socket=%2Frun%2Fa%20b", "/run/a b", "app", Some("pw"), Some("s")),
        // Go's form.
        ("app:pw@tcp(db1:3307)/sess", "db1:3307", "app", Some("pw"), Some("sess")),
        ("app@tcp(db1)/sess", "db1:3306", "app", None, Some("sess")),
        ("app:@tcp(db1)/sess", "db1:3306", "app", Some(""), Some("sess")),
        ("app:pw@tcp/sess", "127.0.0.1:3306", "app", Some("pw"), Some("sess")),
        ("app:pw@tcp()/sess", "127.0.0.1:3306", "app", Some("pw"), Some("sess")),
        ("app:pw@tcp(:3307)/", "127.0.0.1:3307", "app", Some("pw"), None),
        ("app:pw@(db1)/s", "db1:3306", "app", Some("pw"), Some("s")),
        ("@/db", "127.0.0.1:3306", "", None, Some("db")),
        ("/db", "127.0.0.1:3306", "", None, Some("db")),
        ("/", "127.0.0.1:3306", "", None, None),
        ("app@/db", "127.0.0.1:3306", "app", None, Some("db")),
        ("app:p@w/x:y@tcp(db1:3306)/s", "db1:3306", "app", Some("p@w/x:y"), Some("s")),
        ("app:p?a=b#c%41@tcp(db1)/s", "db1:3306", "app", Some("p?a=b#c%41"), Some("s")),
        ("app:p(x)@tcp(db1)/s", "db1:3306", "app", Some("p(x)"), Some("s")),
        ("app:pw@tcp([::1]:3307)/s", "[::1]:3307", "app", Some("pw"), Some("s")),
        ("app:pw@tcp([::1])/s", "[::1]:3306", "app", Some("pw"), Some("s")),
        ("app:pw@tcp(::1)/s", "[::1]:3306", "app", Some("pw"), Some("s")),
        ("app:pw@tcp([fe80::1%eth0]:3306)/s", "[fe80::1%eth0]:3306", "app", Some("pw"), Some("s")),
        ("app:pw@tcp([2001:DB8::0]:1)/s", "[2001:db8::]:1", "app", Some("pw"), Some("s")),
        ("app:pw@unix(/run/mysqld/mysqld.sock)/s", "/run/mysqld/mysqld.sock", "app", Some("pw"), Some("s")),
        ("app:pw@tcp(db1)/s%2Ft?charset=utf8mb4", "db1:3306", "app", Some("pw"), Some("s/t")),
    ];
    for &(text, address, user, password, database) in cases {
        let found = plain(&parsed(text).dsn);
        let expected = Plain {
            address: address.into(),
            user: user.into(),
            password: password.map(Into::into),
            database: database.map(Into::into),
            tls: Tls::Off,
            timeout: found.timeout,
        };
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn reads_tls_in_every_spelling() {
    for (parameters, expected) in [
        ("", Tls::Off),
        ("ssl-mode=DISABLED", Tls::Off),
        ("ssl-mode=preferred", Tls::Preferred),
        ("ssl-mode=Required", required(Verify::None)),
        ("ssl-mode=verify_ca", required(Verify::Ca)),
        ("ssl-mode=VERIFY-IDENTITY", required(Verify::Identity)),
        ("ssl_mode=REQUIRED", required(Verify::None)),
        ("SSL-Mode=REQUIRED", required(Verify::None)),
        ("ssl-mode=DISABLED&ssl-mode=REQUIRED", required(Verify::None)),
        ("tls=true", required(Verify::Identity)),
        ("tls=1", required(Verify::Identity)),
        ("tls=TRUE", required(Verify::Identity)),
        ("tls=false", Tls::Off),
        ("tls=0", Tls::Off),
        ("tls=skip-verify", required(Verify::None)),
        ("tls=Skip-Verify", required(Verify::None)),
        ("tls=preferred", Tls::Preferred),
        ("tls=tRUE", Tls::Named("tRUE".into())),
        ("tls=custom", Tls::Named("custom".into())),
        ("tls=my%2Dfarm", Tls::Named("my-farm".into())),
    ] {
        assert_eq!(tls(&format!("mysql://u@h/d?{parameters}")), expected, "URL, {parameters}");
        assert_eq!(tls(&format!("u@tcp(h)/d?{parameters}")), expected, "Go, {parameters}");
    }
}

#[test]
fn a_ca_or_a_certificate_alone_means_that_the_identity_is_verified() {
    let ca = Some(PathBuf::from("/etc/a b.pem"));
    let with_ca = |verify| Tls::Required(TlsOptions { verify, ca: ca.clone(), cert: None, key: None });
    assert_eq!(tls("mysql://u@h/d?ssl-ca=/etc/a%20b.pem"), with_ca(Verify::Identity));
    assert_eq!(tls("mysql://u@h/d?ssl-ca=/etc/a b.pem&ssl-mode=VERIFY_CA"), with_ca(Verify::Ca));
    assert_eq!(tls("u@/d?tls=true&ssl-ca=%2Fetc%2Fa%20b.pem"), with_ca(Verify::Identity));

    let pair = |verify| {
        let (cert, key) = (Some(PathBuf::from("c.pem")), Some(PathBuf::from("k.pem")));
        Tls::Required(TlsOptions { verify, ca: None, cert, key })
    };
    assert_eq!(tls("mysql://u@h/d?ssl-cert=c.pem&ssl-key=k.pem"), pair(Verify::Identity));
    assert_eq!(tls("mysql://u@h/d?ssl-key=k.pem&ssl-mode=required&ssl-cert=c.pem"), pair(Verify::None));
}

#[test]
fn says_which_parameters_do_nothing_and_never_their_values() {
    for (text, expected) in [
        ("u@/d?charset=utf8&collation=x&parseTime=true&loc=UTC&interpolateParams=true", &[][..]),
        ("mysql://u@h/d?parseTime=true&tls=false&timeout=1s", &[]),
        ("u@/d?readTimeout=Pl4nted&writeTimeout=1s", &["`readTimeout`", "`writeTimeout`"]),
        ("u@/d?allowNativePasswords", &["`allowNativePasswords`"]),
        ("u@/d?socket=%2Fx", &["`socket`"]),
        ("u@/d?Pl4nted%20(=1", &["whose name is not one that is shown"]),
        (
            "mysql://u@h/d?sslVerifyServer=Pl4nted",
            &["`sslVerifyServer` has no meaning here, and is not used (TLS is asked"],
        ),
        ("mysql://u@h/d?ssl-mode=DISABLED&ssl-ca=/Pl4nted", &["`ssl-ca` is not used: TLS is switched off"]),
        ("mysql://u@h/d?ssl-mode=REQUIRED&ssl-ca=/Pl4nted", &["`ssl-ca` is not used: this mode does not verify"]),
        ("mysql://u@h/d?ssl-mode=PREFERRED&ssl-ca=/Pl4nted", &["`ssl-ca` is not used: where TLS is only preferred"]),
        ("mysql://u@h/d?ssl-mode=verify_ca&ssl-ca=/Pl4nted", &["`ssl-mode=VERIFY_CA` verifies the host's name too"]),
        ("mysql://u@h/d?ssl-mode=VERIFY_IDENTITY&ssl-ca=/Pl4nted", &[]),
        ("u@/d?tls=farm&ssl-cert=c&ssl-key=k", &["`ssl-cert` is not used: the configuration says"]),
    ] {
        let warnings = parsed(text).warnings;
        assert_eq!(warnings.len(), expected.len(), "{text}: {warnings:?}");
        for (warning, part) in warnings.iter().zip(expected) {
            assert!(warning.contains(part), "{text}: {warning}");
            assert!(!warning.contains(PLANTED), "{text}: {warning}");
        }
    }
}

#[test]
fn reads_a_connect_timeout_and_takes_zero_for_none() {
    for (text, millis) in [
        ("u@/d?timeout=5s", Some(5000)),
        ("u@/d?timeout=1.5s", Some(1500)),
        ("u@/d?timeout=1m30s", Some(90_000)),
        ("mysql://h/d?timeout=300ms", Some(300)),
        ("u@/d?timeout=0", None),
        ("u@/d?timeout=0s", None),
    ] {
        assert_eq!(parsed(text).dsn.timeout, millis.map(Duration::from_millis), "{text}");
    }
}

/// Text, and what the message says.
const REFUSED: &[(&str, &str)] = &[
    ("", "empty"),
    (" \n ", "empty"),
    ("mysql://Pl4nted:Pl4nted@h\0/d", "control character"),
    ("Pl4nted:Pl4nted\n@tcp(h)/d", "control character"),
    // URLs.
    ("mysql://Pl4nted:Pl4nted@h:port/d", "port is no number"),
    ("mysql://Pl4nted:Pl4nted@h:0/d", "port is no number"),
    ("mysql://Pl4nted:Pl4nted@h:65536/d", "port is no number"),
    ("mysql://Pl4nted:Pl4nted@[::g]/d", "IPv6"),
    ("mysql://Pl4nted:Pl4nted@[::1/d", "IPv6"),
    ("mysql://Pl4nted:Pl4nted@h1,h2/d", "the host"),
    ("mysql://Pl4nted:Pl4nted@a b/d", "the host"),
    ("mysql://Pl4nted:Pl4nted@h%00/d", "the host"),
    ("mysql://Pl4nted:Pl4nted@tcp(h:3306)/d", "without `mysql://`"),
    ("mysql://Pl4nted:Pl4/nted@h/d", "%2F"),
    ("mysql://Pl4nted:123?Pl4nted=x@h/d", "%3F"),
    ("mysql://Pl4nted:Pl4#nted@h/d", "%23"),
    ("mysql://Pl4nted:a@b?Pl4nted=c@h/d", "an `@` stands behind"),
    ("mysql://Pl4nted:Pl4nted@h/d#x", "%23"),
    ("mysql://Pl4nted:Pl4nted@h/d/e", "database"),
    ("mysql://Pl4nted:%FFPl4nted@h/d", "UTF-8"),
    ("mysql://Pl4nted%FF:Pl4nted@h/d", "UTF-8"),
    ("mysql://Pl4nted:Pl4nted@h/%FF", "UTF-8"),
    ("mysql://Pl4nted:Pl4nted@h/d?ssl-mode=Pl4nted", "`ssl-mode` is none of DISABLED"),
    ("mysql://Pl4nted:Pl4nted@h/d?ssl-mode=", "`ssl-mode` is none of"),
    ("mysql://Pl4nted:Pl4nted@h/d?ssl-mode=REQUIRED&tls=true", "leave one out"),
    ("mysql://Pl4nted:Pl4nted@h/d?ssl-ca=", "`ssl-ca` is no path"),
    ("mysql://Pl4nted:Pl4nted@h/d?ssl-cert=/Pl4nted", "needs `ssl-key`"),
    ("mysql://Pl4nted:Pl4nted@h/d?ssl-key=/Pl4nted", "needs `ssl-cert`"),
    ("mysql://Pl4nted:Pl4nted@h/d?socket=", "`socket` is no path"),
    ("mysql://Pl4nted:Pl4nted@h/d?timeout=5Pl4nted", "`timeout=5s`"),
    ("mysql://Pl4nted:Pl4nted@h/d?timeout=-5s", "zero or more"),
    ("postgres://Pl4nted:Pl4nted@h/d", "URL of something else"),
    ("http://Pl4nted", "URL of something else"),
    // Go's form.
    ("Pl4nted", "no `/`"),
    ("Pl4nted:Pl4nted@tcp(h:3306)", "no `/`"),
    ("Pl4nted:Pl4nted@tcp(h:3306)?tls=true", "no `/`"),
    ("Pl4nted:a/b?Pl4nted=c@tcp(h:3306)", "no `/`"),
    ("Pl4nted:Pl4nted@unix(/tmp/my.sock)", "no `)`"),
    ("Pl4nted:Pl4nted@tcp(h/d", "no `)`"),
    ("Pl4nted:Pl4nted@tcp(h)x/d", "%2F"),
    ("Pl4nted:Pl4nted@tcp(h)/d?loc=Asia/Shanghai", "%2F"),
    ("Pl4nted:Pl4nted@/d?loc=Asia/Shanghai", "%2F"),
    ("Pl4nted:Pl4nted@Pl4nted(h)/d", "neither `tcp"),
    ("Pl4nted:Pl4nted/d", "neither `tcp"),
    ("Pl4nted:Pl4nted@h:3306/d", "neither `tcp"),
    ("Pl4nted:Pl4nted@unix/d", "socket"),
    ("Pl4nted:Pl4nted@unix()/d", "socket"),
    ("Pl4nted:Pl4nted@tcp(h:)/d", "port is no number"),
    ("Pl4nted:Pl4nted@tcp(h:+1)/d", "port is no number"),
    ("Pl4nted:Pl4nted@tcp(h:99999999999999999999)/d", "port is no number"),
    ("Pl4nted:Pl4nted@tcp([::1)/d", "`]`"),
    ("Pl4nted:Pl4nted@tcp([h]:1)/d", "IPv6"),
    ("Pl4nted:Pl4nted@tcp([::1]3306)/d", "`:port`"),
    ("Pl4nted:Pl4nted@tcp(h h)/d", "the host"),
    ("Pl4nted:Pl4nted@tcp(h)/%ff", "UTF-8"),
    ("Pl4nted:Pl4nted@tcp(h)/d?tls=Pl4nted%20x", "`tls` is none of true"),
    ("Pl4nted:Pl4nted@tcp(h)/d?tls=%66alse", "`tls` is none of true"),
    ("Pl4nted:Pl4nted@tcp(h)/d?tls=", "`tls` is none of true"),
    ("Pl4nted:Pl4nted@tcp(h)/d?timeout=5", "`timeout=5s`"),
];

#[test]
fn refuses_what_is_wrong_and_repeats_none_of_it() {
    for (text, part) in REFUSED {
        let error = Dsn::parse(text).map(|_| ()).expect_err(text);
        let shown = error.to_string();
        assert!(shown.contains(part), "{text:?}: {shown}");
        for shown in [shown, format!("{error:?}"), format!("{error:#?}")] {
            assert!(!shown.contains("Pl4") && !shown.contains("nted"), "{text:?}: {shown}");
        }
        assert!(error.place().to_string().contains("tests.rs"), "{text:?}: {}", error.place());
    }
    let error = Dsn::parse(&"x".repeat(LONGEST + 1)).expect_err("too long");
    assert!(error.to_string().contains("16385 bytes"), "{error}");
}

#[test]
fn the_masked_url_has_the_parameters_too() {
    for (text, shown) in [
        ("app:Pl4nted@tcp(h)/d?tls=true&timeout=5s", "mysql://app:***@h:3306/d?ssl-mode=VERIFY_IDENTITY&timeout=5s"),
        ("app@tcp(h)/d?timeout=1.5s", "mysql://app@h:3306/d?timeout=1500ms"),
        ("app@tcp(h)/d?timeout=1500ns", "mysql://app@h:3306/d?timeout=1500ns"),
        ("u:Pl4nted@unix(/s)/d?tls=farm", "mysql://u:***@localhost/d?socket=/s&tls=farm"),
        ("mysql://u@h/d?ssl-ca=/a%20b.pem", "mysql://u@h:3306/d?ssl-mode=VERIFY_IDENTITY&ssl-ca=/a%20b.pem"),
        ("mysql://u@h/d", "mysql://u@h:3306/d"),
    ] {
        assert_eq!(parsed(text).dsn.masked_url(), shown, "{text}");
    }
}

#[test]
fn shows_everything_but_the_password() {
    for (text, shown) in [
        ("mysql://app:Pl4nted@h:3307/d", "mysql://app:***@h:3307/d"),
        ("app:Pl4nted@tcp(h)/d?tls=true&timeout=5s", "mysql://app:***@h:3306/d"),
        ("app:@tcp(h)/", "mysql://app:***@h:3306"),
        ("app@tcp([::1])/d", "mysql://app@[::1]:3306/d"),
        ("/d", "mysql://127.0.0.1:3306/d"),
        ("a@b:Pl4nted@unix(/run/x y.sock)/d", "mysql://a%40b:***@localhost/d?socket=/run/x%20y.sock"),
    ] {
        let parsed = parsed(text);
        assert_eq!(parsed.dsn.to_string(), shown, "{text}");
        for shown in [
            format!("{parsed:?}"),
            format!("{parsed:#?}"),
            format!("{:?} {}", parsed.dsn.password, parsed.dsn.expose_url()),
        ] {
            assert!(!shown.contains(PLANTED), "{text}: {shown}");
        }
        assert_eq!(parsed.dsn.password.is_some(), format!("{:?}", parsed.dsn).contains("***"), "{text}");
    }
}

#[test]
fn the_url_that_it_writes_reads_back_as_the_same() {
    for text in [
        "mysql://app:p%40%2F%3A%23%25%0A@db1:3307/s%2Ft?ssl-ca=/etc/a%20b%26.pem&ssl-mode=verify_ca",
        "app:p@w/x:y?z@tcp([fe80::1]:3306)/s?tls=farm&timeout=1m1.000000001s",
        "app:@unix(/run/a+b?c.sock)/s?tls=skip-verify&ssl-cert=c&ssl-key=k",
        "/",
        "@tcp(h)/d?tls=preferred",
        ":pw@tcp(h)/d?timeout=300ms",
        "a:b@tcp([FE80::1%eth0]:3306)/",
    ] {
        let first = parsed(text);
        let again = parsed(first.dsn.expose_url().expose());
        assert_eq!(plain(&again.dsn), plain(&first.dsn), "{text}");
        assert_eq!(again.warnings, first.warnings, "{text}");
    }
}

#[test]
fn an_entry_may_name_its_node() {
    for (entry, name, user, password) in [
        ("n1=mysql://app:pw@h:3307/d", "n1", "app", Some("pw")),
        ("mysql://app:pw@h:3307/d", "h:3307", "app", Some("pw")),
        ("eu-1.db_A=app:pw@tcp(h)/d?tls=true", "eu-1.db_A", "app", Some("pw")),
        ("app:pw=x@tcp(h)/d", "h:3306", "app", Some("pw=x")),
        ("n1=app:pw=x@tcp(h)/d", "n1", "app", Some("pw=x")),
        ("app@tcp(h)/d?tls=true", "h:3306", "app", None),
        ("mysql://h/d?ssl-mode=REQUIRED", "h:3306", "", None),
        ("mysql://a=b:p=w@h/d", "h:3306", "a=b", Some("p=w")),
        ("n1=us=er@tcp(h)/d", "n1", "us=er", None),
        ("@/d?timeout=1s", "127.0.0.1:3306", "", None),
        ("n1=/d?timeout=1s", "n1", "", None),
        ("app@unix(/run/a=b)/d", "/run/a=b", "app", None),
    ] {
        let found = NamedDsn::parse(entry).unwrap_or_else(|error| panic!("{entry}: {error}"));
        let found_password = found.dsn.password.as_ref().map(Secret::expose);
        assert_eq!((found.name.as_str(), found.dsn.user.as_str(), found_password), (name, user, password), "{entry}");
    }
    for (entry, part) in [
        ("=mysql://h/d", "is empty"),
        ("my node=mysql://Pl4nted:Pl4nted@h/d", "no name may hold"),
        ("nö=mysql://Pl4nted:Pl4nted@h/d", "no name may hold"),
        ("n1=", "the DSN is empty"),
        ("n1", "no `/`"),
        ("n1=Pl4nted:Pl4nted@h/d", "neither `tcp"),
    ] {
        let error = NamedDsn::parse(entry).map(|_| ()).expect_err(entry);
        assert!(error.to_string().contains(part), "{entry}: {error}");
        assert!(!format!("{error} {error:?}").contains(PLANTED), "{entry}: {error}");
        assert!(error.place().to_string().contains("tests.rs"), "{entry}: {}", error.place());
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}", lead in prop::sample::select(vec!["", "mysql://", "u:p@tcp(", "@unix(", "/d?", "n="])) {
        let text = format!("{lead}{text}");
        let _ = NamedDsn::parse(&text);
        if let Ok(parsed) = Dsn::parse(&text) {
            let again = Dsn::parse(parsed.dsn.expose_url().expose());
            prop_assert_eq!(plain(&again.expect("our own URL reads back").dsn), plain(&parsed.dsn));
        }
    }

    #[test]
    fn a_password_of_any_text_survives_both_forms_and_is_never_shown(core in "[!-~]{0,20}", text in "\\PC{0,20}") {
        let password = format!("{core}{PLANTED}{text}");
        let go = Dsn::parse(&format!("app:{password}@tcp(h)/d"));
        let dsn = Dsn::new(Address::Tcp { host: "h".into(), port: 1 }, "app").with_password(Secret::new(&*password));
        let url = Dsn::parse(dsn.expose_url().expose()).expect("our own URL reads back").dsn;
        let found = go.expect("any password goes in Go's form").dsn;
        for dsn in [url, found] {
            prop_assert_eq!(dsn.password.as_ref().map(Secret::expose), Some(password.as_str()));
            let shown = format!("{dsn:?}{dsn}{}", dsn.masked_url());
            prop_assert!(!shown.contains(PLANTED), "{}", shown);
        }
    }
}
