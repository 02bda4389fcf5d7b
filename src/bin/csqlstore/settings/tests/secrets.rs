//! Passwords, keys, and who may read or write the files that hold them.

use super::*;

#[test]
fn a_password_is_taken_from_the_strongest_that_has_one() {
    let file = "nodes = [\"mysql://app@h/d\"]\npassword_file = \"pw\"\ndefaults_file = \"my.cnf\"\n";
    let option_file = "[client]\nuser=other\npassword=\"Pl4nted cnf\"\n";
    let world = World::new()
        .file("work/csqlstore.toml", file)
        .file("work/pw", "Pl4nted file\r\n")
        .file("work/env-pw", "Pl4nted variable's file\n")
        .file("work/my.cnf", option_file);
    let app = |password: &str| ("app".to_owned(), Some(password.to_owned()));
    let settings = world.settings();
    assert_eq!(account(&settings), app("Pl4nted file"));
    let origin = settings.nodes_or_error().unwrap()[0].password.clone();
    assert_eq!(origin, Some(Origin::File { path: world.path("work/csqlstore.toml"), line: Some(2) }));

    let world = world.set("CSQLSTORE_PASSWORD_FILE", "env-pw");
    assert_eq!(account(&world.settings()), app("Pl4nted variable's file"));
    let world = world.set("CSQLSTORE_PASSWORD", "Pl4nted variable");
    assert!(matches!(world.error(), Error::TwoPasswords { .. }));
    let world = world.set("CSQLSTORE_PASSWORD_FILE", "");
    assert_eq!(account(&world.settings()), app("Pl4nted variable"));

    // One that the DSN has stays, the empty one too.
    for (node, password) in [("mysql://app:Pl4nted@h/d", PLANTED), ("app:@tcp(h)/d", "")] {
        let settings = world.resolve(&flags(|flags| flags.nodes = vec![node.into()])).unwrap();
        assert_eq!(account(&settings), app(password));
        assert_eq!(settings.nodes_or_error().unwrap()[0].password, None);
    }
}

#[test]
fn an_option_file_gives_user_and_password() {
    let option_file = "[client]\nuser=cnf\npassword=\"Pl4nted#cnf\" # comment\n";
    let world = World::new()
        .file("home/.my.cnf", option_file)
        .file("work/csqlstore.toml", "nodes = [\"mysql://h/d\"]\ndefaults_file = \"~/.my.cnf\"");
    let settings = world.settings();
    assert_eq!(account(&settings), ("cnf".into(), Some("Pl4nted#cnf".into())));
    let path = world.path("home/.my.cnf");
    assert_eq!(settings.nodes_or_error().unwrap()[0].password, Some(Origin::File { path, line: None }));
    // The user is taken beside a password from elsewhere, and not where the DSN has one.
    let world = world.set("CSQLSTORE_PASSWORD", "Pl4nted");
    assert_eq!(account(&world.settings()), ("cnf".into(), Some(PLANTED.into())));
    let settings = world.resolve(&flags(|flags| flags.nodes = vec!["mysql://app@h/d".into()])).unwrap();
    assert_eq!(account(&settings), ("app".into(), Some(PLANTED.into())));
}

#[test]
fn secret_files_are_read_only_for_what_needs_them() {
    let file =
        "nodes = [\"mysql://app@h/d\"]\npassword_file = \"gone\"\ndefaults_file = \"gone\"\nkey_file = \"gone\"\n";
    let settings = World::new().file("work/csqlstore.toml", file).settings();
    for error in [settings.nodes_or_error().map(|_| ()), settings.read_keys().map(|_| ())] {
        assert!(matches!(error.as_ref().unwrap_err(), Error::Read { .. }), "{error:?}");
        assert_hides(&error.unwrap_err());
    }
    let world = World::new().file("work/csqlstore.toml", file).set("CSQLSTORE_NODES", "mysql://app:Pl4nted@h/d");
    world.settings().nodes_or_error().unwrap();
}

#[test]
fn a_password_file_has_one_line() {
    for (text, reason) in [("", "is empty"), ("\n", "is empty"), ("Pl4nted\nPl4nted\n", "has more than one line")] {
        let world = World::new().file("work/pw", text).set("CSQLSTORE_PASSWORD_FILE", "pw");
        let error = world.set("CSQLSTORE_NODES", "mysql://app@h/d").settings().nodes_or_error().unwrap_err();
        assert!(error.to_string().ends_with(reason), "{error}");
        assert_hides(&error);
    }
}

#[test]
fn a_file_in_the_working_folder_that_others_may_write_is_refused() {
    for path in ["work/csqlstore.toml", "work/named.toml"] {
        let world =
            World::new().file_with(path, FULL, 0o664).set("CSQLSTORE_CONFIG", path.strip_prefix("work/").unwrap());
        let error = world.error();
        assert!(matches!(error, Error::Untrusted { .. }), "{path}: {error}");
        assert!(error.to_string().contains("others may write it (mode 664)"), "{error}");
        assert!(error.hint().unwrap().contains("chmod go-w"), "{:?}", error.hint());
    }
    let world = World::new().file_with("work/keys", "raw:Pl4nted", 0o620);
    let settings = world.resolve(&flags(|flags| flags.key_files = vec!["keys".into()])).unwrap();
    assert!(matches!(settings.read_keys().unwrap_err(), Error::Untrusted { .. }));
    // Elsewhere a mode is the business of whoever put the file there.
    World::new().file_with("home/.config/csqlstore/config.toml", "table = \"x\"", 0o664).settings();
}

#[test]
fn a_file_with_secrets_that_everyone_may_read_is_warned_of() {
    let warnings = |world: World| world.settings().warnings;
    let with_password = warnings(World::new().file_with("work/csqlstore.toml", FULL, 0o644));
    assert_eq!(with_password.len(), 1, "{with_password:?}");
    assert!(with_password[0].contains("csqlstore.toml` holds secrets and can be read by every user"));
    for (mode, text) in [(0o640, FULL), (0o644, "nodes = [\"mysql://app@h/d\", \"app:@tcp(h2)/d\"]"), (0o644, "")] {
        assert!(warnings(World::new().file_with("work/csqlstore.toml", text, mode)).is_empty(), "{mode:o} {text}");
    }
    let all = World::new()
        .file_with("work/pw", "Pl4nted", 0o644)
        .file_with("work/keys", "raw:Pl4nted", 0o604)
        .file_with("home/.my.cnf", "", 0o644)
        .file("work/csqlstore.toml", "key_file = \"keys\"\npassword_file = \"pw\"\ndefaults_file = \"~/.my.cnf\"");
    let all = warnings(all);
    for part in ["the key file `", "the password file `", "the option file `"] {
        assert_eq!(all.iter().filter(|warning| warning.starts_with(part)).count(), 1, "{part}: {all:?}");
    }
}
