//! What may stand in a file or a variable, and what may not.

use super::*;

#[test]
fn a_slip_in_a_key_is_an_error_with_its_line_and_the_key_that_was_meant() {
    for (text, message, hint) in [
        ("\ntabel = \"x\"", "an unknown key `tabel` in line 2", Some("did you mean `table`?")),
        ("node = [\"mysql://u:Pl4nted@h/d\"]", "an unknown key `node` in line 1", Some("did you mean `nodes`?")),
        ("key-file = \"k\"", "an unknown key `key-file` in line 1", Some("did you mean `key_file`?")),
        ("colour = true", "an unknown key `colour` in line 1", None),
        ("\"u:Pl4nted@tcp(h)/d\" = 1", "an unknown key (not shown", None),
        ("[clusters.a]\n\nclusters = 1", "an unknown key `clusters` of `clusters.a` in line 3", None),
        ("[clusters.a]\ntimout = \"3s\"", "`timout` of `clusters.a` in line 2", Some("did you mean `timeout`?")),
        ("[tls.a]\nverfy = \"none\"", "`verfy` of `tls.a` in line 2", Some("did you mean `verify`?")),
        ("[tlss.a]", "an unknown key `tlss`", Some("did you mean `tls`?")),
    ] {
        let error = World::new().file("work/csqlstore.toml", text).error();
        assert!(matches!(error, Error::UnknownKey { .. }) && error.to_string().contains(message), "{text}: {error}");
        let said = error.hint().unwrap_or_default();
        match hint {
            Some(hint) => assert_eq!(said, hint, "{text}"),
            None => assert!(said.starts_with("the keys there are `") && !said.contains("Pl4nted"), "{text}: {said}"),
        }
    }
}

#[test]
fn what_is_wrong_in_a_file_is_told_with_its_line_and_without_its_value() {
    for (text, part) in [
        ("nodes = \"mysql://u:Pl4nted@h/d\"", "`nodes` in `"),
        ("nodes = \"mysql://u:Pl4nted@h/d\"", "line 1 is to be a list of texts in quotes"),
        ("nodes = [\"mysql://h/d\", 7]", "a list of texts in quotes"),
        ("table = 7", "is to be a text in quotes"),
        ("timeout = 3", "is to be a text in quotes"),
        ("timeout = \"Pl4nted\"", "is no duration: write it as \"3s\""),
        ("timeout = \"0s\"", "the time-out of `"),
        ("table = \"a.b\"", "the session table of `"),
        ("key_file = [1]", "a text in quotes, or a list of them"),
        ("names = [\"a b\"]", "the name of a session of `"),
        ("names = \"\"", "the name of a session of `"),
        ("password_file = \"\"", "the path of a file"),
        ("clusters = 1", "is to be a table"),
        ("[clusters]\nx = 1", "`x` of `clusters` in `"),
        ("[clusters.default]", "the top level of the file is the cluster `default`"),
        ("[clusters.\"a Pl4nted\"]", "named with letters"),
        ("[tls.a]\nverify = \"maybe\"", "\"identity\", \"ca\" or \"none\""),
        ("[tls.a]\ncert = \"c\"", "both `cert` and `key`"),
        ("nodes = [\"mysql://u:Pl4nted@h/d\"", "is not valid TOML, at line 1"),
        ("\n\nmysql://u:Pl4nted@h/d", "is not valid TOML, at line 3"),
        ("a = 'Pl4nted", "is not valid TOML, at line 1"),
        ("table = \"Pl4nted\"\ntable = \"Pl4nted\"", "is not valid TOML, at line 2"),
        ("table = Pl4nted", "is not valid TOML, at line 1"),
    ] {
        let error = World::new().file("work/csqlstore.toml", text).error();
        assert!(error.to_string().contains(part), "{text}: {error}");
    }
}

#[test]
fn a_node_that_is_wrong_is_told_by_its_number_and_origin() {
    let file = "nodes = [\n\"mysql://h/d\",\n\"u:Pl4nted@h/d\",\n]";
    let error = World::new().file("work/csqlstore.toml", file).error();
    assert!(error.to_string().starts_with("node 2 of `"), "{error}");
    assert!(error.to_string().ends_with("csqlstore.toml` line 3 cannot be used"), "{error}");
    assert!(error.source().unwrap().to_string().contains("neither `tcp"), "{:?}", error.source());

    let error = World::new().set("CSQLSTORE_NODES", "mysql://u:Pl4nted@h:x/d").error();
    assert_eq!(error.to_string(), "node 1 of `$CSQLSTORE_NODES` cannot be used");
    for entries in ["a=mysql://h/d a=mysql://i/d", "mysql://h/d u:Pl4nted@tcp(h)/e"] {
        let error = World::new().set("CSQLSTORE_NODES", entries).error();
        assert!(matches!(error, Error::DuplicateNode { nth: 2, .. }), "{entries}: {error}");
        assert!(error.hint().unwrap().contains("n2=mysql://"));
    }
}

#[test]
fn a_parameter_without_effect_is_warned_of_with_its_node() {
    let settings =
        World::new().set("CSQLSTORE_NODES", "n1=u:Pl4nted@tcp(h)/d?readTimeout=Pl4nted&parseTime=true").settings();
    assert_eq!(
        settings.warnings,
        ["node `n1` of `$CSQLSTORE_NODES`: parameter `readTimeout` has no meaning here, and is not used"]
    );
}

#[test]
fn gos_named_tls_is_looked_up_in_the_file() {
    let file = "[tls.farm]\nca = \"ca.pem\"\nverify = \"ca\"\n[tls.both]\ncert = \"~/c.pem\"\nkey = \"/k.pem\"\n[tls.lax]\nverify = \"none\"\nca = \"x\"\n";
    let world = World::new().file("work/sub/c.toml", file).set("CSQLSTORE_CONFIG", "sub/c.toml");
    let tls = |world: &World, name: &str| {
        let node = format!("u:Pl4nted@tcp(h)/d?tls={name}");
        world.resolve(&flags(|flags| flags.nodes = vec![node.into()])).map(|settings| settings.nodes[0].dsn.tls.clone())
    };
    let required = |verify, ca, cert, key| Tls::Required(TlsOptions { verify, ca, cert, key });
    let (ca, home) = (Some(world.path("work/sub/ca.pem")), Some(world.path("home/c.pem")));
    assert_eq!(tls(&world, "farm").unwrap(), required(Verify::Ca, ca, None, None));
    assert_eq!(tls(&world, "both").unwrap(), required(Verify::Identity, None, home, Some("/k.pem".into())));
    assert_eq!(tls(&world, "lax").unwrap(), required(Verify::None, None, None, None));
    assert!(world.settings().warnings[0].ends_with("line 7: `ca` is not used where `verify` is \"none\""));

    let error = tls(&world, "gone").unwrap_err();
    assert_eq!(error.to_string(), "node `h:3306` asks for `tls=gone`, and no `[tls.gone]` says what that is");
    assert!(error.hint().unwrap().contains("sub/c.toml`: `[tls.gone]`"), "{:?}", error.hint());
    assert!(matches!(tls(&World::new(), "farm").unwrap_err(), Error::UnknownTls { file: None, .. }));
}

#[test]
fn relative_paths_of_a_file_begin_in_its_folder_and_others_in_the_working_folder() {
    let file = "nodes = [\"mysql://h/d?ssl-ca=ca.pem\"]\nkey_file = [\"k1\", \"~/k2\", \"/k3\"]\n";
    let world = World::new().file("work/sub/c.toml", file).set("CSQLSTORE_CONFIG", "sub/c.toml");
    let ca = |settings: &Settings| match &settings.nodes[0].dsn.tls {
        Tls::Required(options) => options.ca.clone(),
        other => panic!("{other:?}"),
    };
    let settings = world.settings();
    assert_eq!(ca(&settings), Some(world.path("work/sub/ca.pem")));
    let Keys::Files(files) = &settings.keys else { panic!("{:?}", settings.keys) };
    let paths: Vec<_> = files.iter().map(|file| file.value.clone()).collect();
    assert_eq!(paths, [world.path("work/sub/k1"), world.path("home/k2"), PathBuf::from("/k3")]);
    let world = world.set("CSQLSTORE_NODES", "mysql://h/d?ssl-ca=ca.pem");
    assert_eq!(ca(&world.settings()), Some(world.path("work/ca.pem")));
}

#[test]
fn clustersqls_own_file_is_read_as_it_is() {
    let file = r#"
# as clustersql's test reads it
Title = "passed over by Go"

[[Nodes]]
Name = "n1"
HostName = "db1.example"
Port = 3307
UserName = "app"
Password = "Pl4nted@/:#"
DBName = "sess"
Weight = 3

[[Nodes]]
hostname = "::1"
username = "app"
password = ""
dbname = "sess"
"#;
    let world = World::new().file("work/config.toml", file).set("CSQLSTORE_CONFIG", "config.toml");
    let settings = world.settings();
    assert_eq!(
        nodes(&settings),
        pairs(&[("n1", "mysql://app:***@db1.example:3307/sess"), ("[::1]:3306", "mysql://app@[::1]:3306/sess")])
    );
    assert_eq!(account(&settings), ("app".into(), Some("Pl4nted@/:#".into())));
    assert!(matches!(settings.nodes[0].origin, Origin::File { line: Some(7), .. }), "{:?}", settings.nodes[0].origin);
    assert_eq!(settings.warnings.len(), 1, "{:?}", settings.warnings);
    assert!(settings.warnings[0].contains("line 3: a key that has no meaning here"));

    for (text, part) in [
        ("[[Nodes]]\nName = \"x\"", "`HostName` of a node of `"),
        ("[[Nodes]]\nHostName = \"h\"\nPort = 70000", "`Port` of `Nodes`"),
        ("[[Nodes]]\nHostName = \"h\"\nPassword = 7", "`Password` of `Nodes`"),
        ("[[Nodes]]\nHostName = \"h(h\"\nPassword = \"Pl4nted\"", "node 1 of `"),
        (
            "[[Nodes]]\nName = \"a\"\nHostName = \"h\"\n[[Nodes]]\nName = \"a\"\nHostName = \"i\"",
            "two nodes are called `a`",
        ),
    ] {
        let error = World::new().file("work/config.toml", text).set("CSQLSTORE_CONFIG", "config.toml").error();
        assert!(error.to_string().contains(part), "{text}: {error}");
    }
}

#[test]
fn a_name_of_a_session_is_that_of_a_cookie() {
    for (name, right) in
        [("session-key", true), ("a.b!c", true), ("", false), ("a b", false), ("a=b", false), ("ä", false)]
    {
        let outcome = World::new().resolve(&flags(|flags| flags.names = vec![name.into()]));
        assert_eq!(outcome.is_ok(), right, "{name}");
    }
}

#[test]
fn a_file_that_nests_without_end_is_an_error() {
    for (open, close) in [("[", "]"), ("{a=", "}"), ("a.", "a = 1")] {
        let lead = if close.len() > 1 { "" } else { "table = " };
        let text = format!("{lead}{}{close}", open.repeat(100_000));
        let error = World::new().file("work/csqlstore.toml", &text).error();
        assert!(matches!(error, Error::Syntax { .. } | Error::UnknownKey { .. }), "{open}: {error}");
    }
}
