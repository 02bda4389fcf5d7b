mod contents;
mod secrets;

use std::collections::HashMap;
use std::error::Error as _;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use csqlstore::cluster::dsn::{Tls, TlsOptions, Verify};
use tempfile::TempDir;

use super::*;

/// Stands in every place where a secret may stand, and nowhere else.
const PLANTED: &str = "Pl4nted";

/// A working folder, a home, the machine's own file, and an environment.
struct World {
    root: TempDir,
    variables: HashMap<&'static str, OsString>,
}

impl World {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["work", "home", "etc"] {
            std::fs::create_dir(root.path().join(folder)).unwrap();
        }
        let variables = HashMap::from([("HOME", root.path().join("home").into_os_string())]);
        Self { root, variables }
    }

    /// Puts a file that only its owner may read at a path below the world's root.
    fn file(self, path: &str, text: &str) -> Self {
        self.file_with(path, text, 0o600)
    }

    fn file_with(self, path: &str, text: &str, mode: u32) -> Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    fn set(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name, value.into());
        self
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn resolve(&self, flags: &GlobalFlags) -> Result<Settings, Error> {
        let variable = |name: &str| self.variables.get(name).cloned();
        let system = self.path("etc/csqlstore/csqlstore.toml");
        let settings = Settings::resolve(flags, &Surroundings::of_test(&variable, &self.path("work"), &system));
        // Whatever a test is about: no secret is ever shown.
        match &settings {
            Ok(settings) => assert!(!format!("{settings:?}{settings:#?}").contains(PLANTED), "{settings:?}"),
            Err(error) => assert_hides(error),
        }
        settings
    }

    fn settings(&self) -> Settings {
        self.resolve(&GlobalFlags::default()).unwrap_or_else(|error| panic!("{error}: {:?}", error.source()))
    }

    fn error(&self) -> Error {
        self.resolve(&GlobalFlags::default()).expect_err("an error")
    }
}

fn assert_hides(error: &Error) {
    let mut shown = format!("{error} {error:?} {:?}", error.hint());
    let mut source = error.source();
    while let Some(cause) = source {
        shown.push_str(&cause.to_string());
        source = cause.source();
    }
    assert!(!shown.contains(PLANTED), "{shown}");
    let place = error.place().to_string();
    assert!(place.starts_with("src/bin/csqlstore/settings/"), "{place}");
}

fn nodes(settings: &Settings) -> Vec<(String, String)> {
    settings.nodes.iter().map(|node| (node.name.clone(), node.dsn.to_string())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, dsn)| ((*name).to_owned(), (*dsn).to_owned())).collect()
}

/// User and password of the first node, as it would connect.
fn account(settings: &Settings) -> (String, Option<String>) {
    let node = settings.nodes_or_error().unwrap().remove(0);
    (node.dsn.user.clone(), node.dsn.password.map(|secret| secret.expose().to_owned()))
}

fn flags(change: impl FnOnce(&mut GlobalFlags)) -> GlobalFlags {
    let mut flags = GlobalFlags::default();
    change(&mut flags);
    flags
}

const FULL: &str = r#"
nodes = ["n1=mysql://app:Pl4nted@db1/s", "app:Pl4nted@tcp(db2:3307)/s"]
table = "sessions"
timeout = "5s"
key_file = "keys"
names = ["session-key", "admin"]
"#;

#[test]
fn without_anything_the_defaults_hold_and_offline_work_goes_on() {
    let settings = World::new().settings();
    assert_eq!(settings.cluster.value, "default");
    assert_eq!((settings.table.value.name(), &settings.table.origin), ("session_cluster", &Origin::Default));
    assert_eq!((settings.timeout.value, &settings.timeout.origin), (Duration::from_secs(3), &Origin::Default));
    assert!(settings.file.is_none() && settings.names.value.is_empty() && settings.warnings.is_empty());
    assert!(matches!(settings.keys, Keys::Nowhere) && settings.read_keys().unwrap().texts.is_empty());

    let error = settings.nodes_or_error().unwrap_err();
    assert_eq!(error.to_string(), "no node is configured");
    let hint = error.hint().unwrap();
    for part in ["`--node mysql://", "configuration file", "`csqlstore sandbox up`"] {
        assert!(hint.contains(part), "{hint}");
    }
}

#[test]
fn a_file_gives_every_setting_and_its_line() {
    let world = World::new().file("work/csqlstore.toml", FULL).file("work/keys", "raw:Pl4nted");
    let settings = world.settings();
    let path = world.path("work/csqlstore.toml");
    let line = |line| Origin::File { path: path.clone(), line: Some(line) };
    assert_eq!(settings.file.as_ref(), Some(&path));
    assert_eq!(
        nodes(&settings),
        pairs(&[("n1", "mysql://app:***@db1:3306/s"), ("db2:3307", "mysql://app:***@db2:3307/s")])
    );
    assert_eq!((settings.nodes[1].origin.clone(), settings.table.origin.clone()), (line(2), line(3)));
    assert_eq!((settings.table.value.name(), settings.timeout.value), ("sessions", Duration::from_secs(5)));
    assert_eq!(settings.timeout.origin, line(4));
    assert_eq!((settings.names.value.join(" ").as_str(), &settings.names.origin), ("session-key admin", &line(6)));
    let Keys::Files(files) = &settings.keys else { panic!("{:?}", settings.keys) };
    assert_eq!((&files[0].value, &files[0].origin), (&world.path("work/keys"), &line(5)));

    let keys = settings.read_keys().unwrap();
    assert_eq!(keys.texts[0].1.as_str(), "raw:Pl4nted");
    assert_eq!(keys.texts[0].0, Origin::File { path: world.path("work/keys"), line: None });
    assert!(!format!("{keys:?}").contains(PLANTED));
    assert_eq!(line(3).to_string(), format!("`{}` line 3", path.display()));
    let cluster = settings.cluster_or_error().unwrap();
    assert_eq!((cluster.name(), cluster.nodes().len(), cluster.deadline()), ("default", 2, Duration::from_secs(5)));
}

#[test]
fn the_environment_is_stronger_than_the_file() {
    let world = World::new()
        .file("work/csqlstore.toml", FULL)
        .set("CSQLSTORE_NODES", " e1=mysql://app:Pl4nted@e1/s\n\tapp:Pl4nted@tcp(e2)/s ")
        .set("CSQLSTORE_KEYS", "raw:Pl4nted")
        .set("CSQLSTORE_NAMES", " one  two\n");
    let settings = world.settings();
    assert_eq!(
        nodes(&settings),
        pairs(&[("e1", "mysql://app:***@e1:3306/s"), ("e2:3306", "mysql://app:***@e2:3306/s")])
    );
    assert_eq!(settings.nodes[0].origin, Origin::Environment("CSQLSTORE_NODES"));
    assert_eq!(settings.names.value, ["one", "two"]);
    assert_eq!(settings.names.origin, Origin::Environment("CSQLSTORE_NAMES"));
    let keys = settings.read_keys().unwrap();
    assert_eq!((&keys.texts[0].0, keys.texts[0].1.as_str()), (&Origin::Environment("CSQLSTORE_KEYS"), "raw:Pl4nted"));
    // What the environment is silent on stays.
    assert_eq!(settings.table.value.name(), "sessions");
}

#[test]
fn a_flag_is_stronger_than_the_environment() {
    let world = World::new()
        .file("work/csqlstore.toml", FULL)
        .file("work/other-keys", "raw:Pl4nted")
        .set("CSQLSTORE_NODES", "e1=mysql://e1/s")
        .set("CSQLSTORE_KEYS", "raw:Pl4nted")
        .set("CSQLSTORE_NAMES", "one");
    let settings = world
        .resolve(&flags(|flags| {
            flags.nodes = vec!["f1=mysql://app:Pl4nted@f1/s".into(), "mysql://f2/s".into()];
            flags.table = Some("other".into());
            flags.timeout = Some(Duration::from_millis(7));
            flags.key_files = vec!["other-keys".into()];
            flags.names = vec!["three".into()];
        }))
        .unwrap();
    assert_eq!(nodes(&settings), pairs(&[("f1", "mysql://app:***@f1:3306/s"), ("f2:3306", "mysql://f2:3306/s")]));
    assert_eq!(settings.nodes[0].origin, Origin::Flag("--node"));
    assert_eq!((settings.table.value.name(), &settings.table.origin), ("other", &Origin::Flag("--table")));
    assert_eq!(
        (settings.timeout.value, &settings.timeout.origin),
        (Duration::from_millis(7), &Origin::Flag("--timeout"))
    );
    assert_eq!(
        (settings.names.value.as_slice(), &settings.names.origin),
        (&["three".to_owned()][..], &Origin::Flag("--name"))
    );
    let Keys::Files(files) = &settings.keys else { panic!("{:?}", settings.keys) };
    assert_eq!((&files[0].value, &files[0].origin), (&world.path("work/other-keys"), &Origin::Flag("--key-file")));
}

#[test]
fn an_empty_variable_is_not_set_and_one_that_is_no_text_is_an_error() {
    let world = World::new().file("work/csqlstore.toml", FULL);
    let names = ["CSQLSTORE_CONFIG", "CSQLSTORE_NODES", "CSQLSTORE_KEYS", "CSQLSTORE_NAMES", "CSQLSTORE_PASSWORD"];
    let settings = names.into_iter().fold(world, |world, name| world.set(name, "")).settings();
    assert_eq!((settings.nodes.len(), settings.names.value.len()), (2, 2));
    for name in &names[1..] {
        let error = World::new().set(name, OsString::from_vec(b"Pl4nted\xff".to_vec())).error();
        assert_eq!(error.to_string(), format!("the environment variable `{name}` is not UTF-8 text"));
    }
}

#[test]
fn the_file_is_looked_for_in_order() {
    let table = |name: &str| format!("table = \"{name}\"");
    let mut world = World::new().file("etc/csqlstore/csqlstore.toml", &table("system"));
    let found = |world: &World| world.settings().table.value.name().to_owned();
    assert_eq!(found(&world), "system");
    world = world.file("home/.config/csqlstore/config.toml", &table("home"));
    assert_eq!(found(&world), "home");
    let xdg = world.path("xdg");
    world = world.file("xdg/csqlstore/config.toml", &table("xdg")).set("XDG_CONFIG_HOME", xdg);
    assert_eq!(found(&world), "xdg");
    world = world.set("XDG_CONFIG_HOME", "relative");
    assert_eq!(found(&world), "home");
    world = world.file("work/csqlstore.toml", &table("folder"));
    assert_eq!(found(&world), "folder");
    world = world.file("work/named.toml", &table("variable")).set("CSQLSTORE_CONFIG", "named.toml");
    assert_eq!(found(&world), "variable");
    world = world.file("work/flag.toml", &table("flag"));
    let settings = world.resolve(&flags(|flags| flags.config = Some("flag.toml".into()))).unwrap();
    assert_eq!(settings.table.value.name(), "flag");
}

#[test]
fn a_file_that_is_named_has_to_be_there() {
    let world = World::new().file("work/csqlstore.toml", FULL);
    let error = world.resolve(&flags(|flags| flags.config = Some("none.toml".into()))).unwrap_err();
    assert!(error.to_string().ends_with("work/none.toml`, named by `--config`, does not exist"), "{error}");
    let error = world.set("CSQLSTORE_CONFIG", "none.toml").error();
    assert!(error.to_string().ends_with("named by `$CSQLSTORE_CONFIG`, does not exist"), "{error}");

    let world = World::new();
    std::fs::create_dir(world.path("work/csqlstore.toml")).unwrap();
    assert!(world.error().to_string().ends_with("is not a regular file"));
}

const CLUSTERS: &str = r#"
cluster = "prod"
nodes = ["top=mysql://top/s"]
timeout = "9s"
[clusters.prod]
nodes = ["p1=mysql://p1/s"]
table = "prod_sessions"
[clusters.staging]
nodes = ["s1=mysql://s1/s"]
"#;

#[test]
fn a_file_holds_several_clusters_and_none_takes_over_from_another() {
    let world = World::new().file("work/csqlstore.toml", CLUSTERS);
    let first = |settings: &Settings| settings.nodes[0].name.clone();
    let settings = world.settings();
    assert_eq!((first(&settings).as_str(), settings.table.value.name()), ("p1", "prod_sessions"));
    assert_eq!((settings.cluster.value.as_str(), settings.timeout.value), ("prod", DEFAULT_TIMEOUT));
    assert!(matches!(settings.cluster.origin, Origin::File { line: Some(2), .. }));

    let choose = |name: &str| world.resolve(&flags(|flags| flags.cluster = Some(name.into())));
    let staging = choose("staging").unwrap();
    assert_eq!((first(&staging).as_str(), staging.table.value.name()), ("s1", "session_cluster"));
    let top = choose("default").unwrap();
    assert_eq!((first(&top).as_str(), top.timeout.value), ("top", Duration::from_secs(9)));

    let error = choose("prd").unwrap_err();
    assert_eq!(error.to_string(), "there is no cluster `prd`, named by `--cluster`");
    assert!(error.hint().unwrap().ends_with("has the clusters `prod`, `staging`"), "{:?}", error.hint());
    let error = World::new().resolve(&flags(|flags| flags.cluster = Some("prod".into()))).unwrap_err();
    assert!(error.hint().unwrap().contains("no configuration file was found"));
    let error = World::new().file("work/csqlstore.toml", "cluster = \"gone\"").error();
    assert!(error.to_string().contains("`gone`, named by `") && error.to_string().ends_with("line 1"), "{error}");
}

#[test]
fn clusters_without_a_choice_are_named_in_the_hint() {
    let file = "[clusters.eu]\nnodes = [\"mysql://h/s\"]\n[clusters.us]\nnodes = []\n";
    let error = World::new().file("work/csqlstore.toml", file).settings().nodes_or_error().unwrap_err();
    let hint = error.hint().unwrap();
    assert!(hint.contains("`--cluster NAME`") && hint.contains("`eu`, `us`"), "{hint}");
}

#[test]
fn the_process_itself_has_a_folder_and_a_user() {
    let variable = |name: &str| (name == "CSQLSTORE_NODES").then(|| OsString::from("mysql://h/d"));
    let around = Surroundings::of_process(&variable);
    assert!(around.folder().is_absolute());
    assert_eq!(around.system_file(), Path::new("/etc/csqlstore/csqlstore.toml"));
}
