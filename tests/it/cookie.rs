//! `csqlstore cookie decode`: what people paste, what is wrong with it, and the session that it belongs to.

use serde_json::json;
use tempfile::TempDir;

use crate::cases;
use crate::support::Database;
use crate::support::command::{self, Run};
use crate::support::vectors::{Vector, gob_of, sign};

cases! {
    Beside: [
        every_cookie_decodes_to_its_id,
        takes_a_value_a_pair_and_a_header_from_argument_and_input,
        of_several_cookies_takes_the_first_that_verifies_under_a_name_asked_for,
        a_value_that_does_not_verify_is_1_with_the_reason,
        a_cookie_under_another_name_is_found,
        without_a_key_a_cookie_is_shown_as_it_claims,
        a_value_that_verifies_and_holds_no_id_is_4,
        without_a_key_or_a_name_it_is_a_wrong_request,
        keys_come_from_files_in_their_order,
        keys_and_names_come_from_the_configuration,
        input_without_end_is_refused,
        shows_the_cookie_with_its_row,
        a_cookie_whose_row_is_gone_is_still_shown,
        a_row_that_does_not_open_is_shown_with_its_error,
        without_a_server_only_offline_answers,
        the_cookie_to_try_it_on_is_decoded_as_the_readme_shows,
    ],
}

async fn the_cookie_to_try_it_on_is_decoded_as_the_readme_shows() {
    let readme = include_str!("../../README.md");
    let (_, example) = readme.split_once("$ echo 'base64:").expect("a key to try it on");
    let (lines, _) = example.split_once("```").expect("an end of the example");
    let (shell, shown) = lines.split_once("\nCookie ").expect("what it prints");
    let folder = TempDir::new().unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_csqlstore")).parent().expect("the command is in a folder");
    // As it is pasted, prompts apart.
    let script = format!("echo 'base64:{}", shell.replace("\n$ ", "\n"));
    let mut sh = std::process::Command::new("sh");
    sh.env_clear().env("PATH", format!("{}:/usr/bin:/bin", program.display())).current_dir(folder.path());
    let output = sh.args(["-ec", &script]).output().expect("a shell starts");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    // How long ago it was grows by the day.
    let aged = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| line.split(" (").map(|part| part.split(" ago)").last().unwrap_or(part)).collect())
            .collect()
    };
    assert_eq!((aged(&stdout), output.stderr), (aged(&format!("Cookie {shown}")), vec![]), "{script}");
}

/// A command without nodes, with these keys in the environment; its streams show none of the vector's keys.
fn offline(vector: &Vector, args: &[&str]) -> Run {
    decode(vector, args, None)
}

fn decode(vector: &Vector, args: &[&str], input: Option<&[u8]>) -> Run {
    let folder = TempDir::new().unwrap();
    let (line, mut command) = command::command(folder.path(), &[&["cookie", "decode"], args].concat());
    command.env("CSQLSTORE_KEYS", vector.keys());
    let run = match input {
        Some(input) => command::run_with_input((line, command), input),
        None => command::run((line, command)),
    };
    for secret in vector.secrets() {
        assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "a key is shown: {run:?}");
    }
    run
}

/// The command on a database, with the vector's keys; ages are no matter.
fn with_rows(db: &Database, vector: &Vector, args: &[&str]) -> Run {
    let (line, mut command) = db.command(&[&["cookie", "decode", "--max-age", "0"], args].concat());
    command.env("CSQLSTORE_KEYS", vector.keys());
    command::run((line, command))
}

async fn every_cookie_decodes_to_its_id() {
    for vector in Vector::all() {
        let args = ["--offline", "--max-age", "0", "--format", "json", "--name", vector.name(), vector.cookie()];
        let run = offline(&vector, &args).success();
        let answer = run.json();
        let cookie = &answer["cookie"];
        assert_eq!(answer["schema_version"], 1);
        assert_eq!(answer["session"], json!(null));
        assert_eq!(cookie["id"], vector.id(), "{}", vector.case());
        assert_eq!((&cookie["name"], &cookie["key"]), (&json!(vector.name()), &json!(1)));
        assert_eq!(cookie["encrypted"], vector.encrypted());
        for field in ["created_at", "signed_at"] {
            assert!(cookie[field].as_str().is_some_and(|at| at.ends_with('Z')), "{}: {cookie}", vector.case());
        }
        assert!(cookie["age_s"].is_i64(), "{cookie}");
        assert_eq!(cookie.as_object().unwrap().len(), 7, "{cookie}");
        assert_eq!(run.stderr, "");
    }
}

async fn takes_a_value_a_pair_and_a_header_from_argument_and_input() {
    let vector = Vector::of("user");
    let (name, value) = (vector.name(), vector.cookie());
    let with_its_name = [
        format!("{name}={value}"),
        format!("  {name}=\"{value}\"\r\n"),
        format!("Cookie: _ga=GA1.2.3; {name}={value}; theme=dark"),
        format!("Set-Cookie: {name}={value}; Path=/; Max-Age=2592000; HttpOnly"),
        format!("GET / HTTP/1.1\r\nHost: example.org\r\nCookie: {name}={value}\r\n\r\n"),
    ];
    for text in &with_its_name {
        for run in [
            offline(&vector, &["--offline", "--max-age", "0", text]),
            decode(&vector, &["--offline", "--max-age", "0"], Some(text.as_bytes())),
            decode(&vector, &["--offline", "--max-age", "0", "-"], Some(text.as_bytes())),
        ] {
            let run = run.success();
            assert!(run.stdout.starts_with(&format!("Cookie {name}\n  id       {}\n", vector.id())), "{run:?}");
            assert!(run.stdout.contains("by key 1, not encrypted\n"), "{run:?}");
            assert_eq!(run.stdout.lines().count(), 4, "{run:?}");
        }
    }
    decode(&vector, &["--offline", "--max-age", "0", "--name", name], Some(format!("{value}\n").as_bytes())).success();
}

async fn of_several_cookies_takes_the_first_that_verifies_under_a_name_asked_for() {
    let vector = Vector::of("user");
    let sign_id = |name: &str, id: &str| format!("{name}={}", sign(&vector.hash_key(), name, 60, &gob_of(id)));
    let forged = format!("a={}", sign(b"another key", "a", 60, &gob_of("forged")));
    let header = format!("Cookie: {forged}; {}; {}", sign_id("b", "id-of-b"), sign_id("c", "id-of-c"));
    let id = |args: &[&str]| {
        let args = [&["--offline", "--format", "json"], args, &[header.as_str()]].concat();
        offline(&vector, &args).success().json()["cookie"]["id"].clone()
    };
    assert_eq!(id(&[]), "id-of-b");
    assert_eq!(id(&["--name", "c"]), "id-of-c");
    assert_eq!(id(&["--name", "c", "--name", "b"]), "id-of-b");
    let run = offline(&vector, &["--offline", "--name", "d", &header]).exits(1);
    assert!(run.stderr.contains("no cookie of the name `d`; found are `a`, `b`, `c`"), "{run:?}");
}

async fn a_value_that_does_not_verify_is_1_with_the_reason() {
    let vector = Vector::of("user");
    let (key, name) = (vector.hash_key(), vector.name().to_owned());
    let value = sign(&key, &name, 60, &gob_of(vector.id()));
    let month_old = sign(&key, &name, 40 * 86_400, &gob_of(vector.id()));
    let mut tampered = value.clone();
    tampered.replace_range(20..21, if &value[20..21] == "A" { "B" } else { "A" });
    let foreign = sign(b"another key", &name, 60, &gob_of(vector.id()));
    for (case, asked, value, reason, hint) in [
        (
            "wrong key",
            name.as_str(),
            foreign.as_str(),
            format!("the MAC is wrong under the key and the name `{name}`"),
            "keys",
        ),
        ("wrong name", "other", &value, "the MAC is wrong under the key and the name `other`".into(), "`other`"),
        ("tampered", &name, &tampered, "the MAC is wrong under the key".into(), "keys"),
        ("cut short", &name, &value[..40], "of the three parts date, payload and MAC".into(), "copied"),
        ("no base64", &name, "not!base64", "the value is not base64".into(), "copied"),
        ("too old", &name, &month_old, format!("signed 40 days ago by key 1 for `{name}`, older than"), "--max-age 0"),
    ] {
        let args = ["--offline", "--name", asked, value];
        let run = offline(&vector, &args).exits(1);
        assert_eq!(run.stdout, "", "{case}");
        assert!(run.stderr.contains(&reason), "{case}: {run:?}");
        assert!(run.stderr.lines().any(|line| line.starts_with("hint:") && line.contains(hint)), "{case}: {run:?}");
        assert!(!run.stderr.contains(value), "{case}: the value is repeated: {run:?}");
        let error = offline(&vector, &[&["--format", "json"], &args[..]].concat()).exits(1).json_error();
        assert_eq!(error["class"], "no", "{case}: {error}");
        assert!(error["causes"][0].as_str().is_some_and(|cause| cause.contains(&reason)), "{case}: {error}");
    }
    offline(&vector, &["--offline", "--name", &name, "--max-age", "0", &month_old]).success();
    offline(&vector, &["--offline", "--name", &name, "--max-age", "41d", &month_old]).success();
    let run = offline(&vector, &["--offline", "--name", &name, "--max-length", "100", &value]).exits(1);
    assert!(run.stderr.contains("more than the 100"), "{run:?}");
    for nothing in ["", " \n", "Cookie:"] {
        decode(&vector, &["--offline", "--name", &name], Some(nothing.as_bytes())).exits(1);
    }
}

async fn a_cookie_under_another_name_is_found() {
    let vector = Vector::of("user");
    let theirs = sign(&vector.hash_key(), "theirs", 60, &gob_of(vector.id()));
    for text in [format!("Cookie: _ga=GA1.2; theirs={theirs}"), format!("Cookie: theirs=old; ours={theirs}")] {
        let run = offline(&vector, &["--offline", "--name", "ours", &text]).exits(1);
        assert!(run.stderr.contains("key 1 signed it for another name, `theirs`"), "{run:?}");
        assert!(run.stderr.contains("hint: `--name theirs` verifies it under that name"), "{run:?}");
    }
    // A row's data, under a key that is not its own.
    let data = sign(
        b"another key",
        "s",
        60,
        b"\x0e\xff\x81\x04\x01\x02\xff\x82\x00\x01\x10\x01\x10\x00\x00\x04\xff\x82\x00\x00",
    );
    let run = offline(&vector, &["--offline", "--name", "s", &data]).exits(1);
    assert!(
        run.stderr.contains("it claims to hold session values") && run.stderr.contains("session decode"),
        "{run:?}"
    );
}

async fn without_a_key_a_cookie_is_shown_as_it_claims() {
    let vector = Vector::of("user");
    let folder = TempDir::new().unwrap();
    let pair = format!("{}={}", vector.name(), vector.cookie());
    let claimed = |args: &[&str]| {
        let args = [&["cookie", "decode", "--unverified"], args].concat();
        command::run(command::command(folder.path(), &args)).exits(1)
    };
    // No key, no name, no server.
    for text in [
        vector.cookie(),
        &pair,
        &format!("Cookie: _ga=GA1.2; {pair}"),
        &pair.replace('=', "%3D").replacen("%3D", "=", 1),
    ] {
        let run = claimed(&[text]);
        assert!(run.stdout.contains(vector.id()), "{run:?}");
        assert!(run.stdout.lines().all(|line| line.starts_with("not verified:")), "{run:?}");
        assert!(run.stderr.contains("nothing of the value is verified"), "{run:?}");
        let answer = claimed(&["--format", "json", text]).json();
        assert_eq!(answer["unverified"]["id"], vector.id());
        assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
    }
    assert_eq!(claimed(&["--format", "json", &pair]).json()["unverified"]["name"], vector.name());
    // Nobody asks a server for the session that a forged cookie names.
    let forged = format!("s={}", sign(b"forged", "s", 60, &gob_of(vector.id())));
    let run = offline(&vector, &["--unverified", "--node", "mysql://u@127.0.0.1:1/db", &forged]).exits(1);
    assert!(run.stdout.contains("not verified:   id") && run.stderr.contains("the MAC is wrong"), "{run:?}");
}

async fn a_value_that_verifies_and_holds_no_id_is_4() {
    let vector = Vector::of("user");
    let no_gob = sign(&vector.hash_key(), "s", 60, b"no gob");
    let run = offline(&vector, &["--offline", "--name", "s", &no_gob]).exits(4);
    assert!(run.stderr.contains("the value verifies under key 1 for `s`, and is no gob"), "{run:?}");
    let args = ["--offline", "--max-age", "0", "--format", "json", "--name", vector.name(), vector.data()];
    let error = offline(&vector, &args).exits(4).json_error();
    assert_eq!(error["class"], "data");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("csqlstore session decode")), "{error}");
}

async fn without_a_key_or_a_name_it_is_a_wrong_request() {
    let vector = Vector::of("user");
    let folder = TempDir::new().unwrap();
    let pair = format!("{}={}", vector.name(), vector.cookie());
    let run = command::run(command::command(folder.path(), &["cookie", "decode", "--offline", &pair])).exits(2);
    for way in ["--key-file", "CSQLSTORE_KEYS", "key_file"] {
        assert!(run.stderr.contains(way), "{way}: {run:?}");
    }
    let run = offline(&vector, &["--offline", vector.cookie()]).exits(2);
    for way in ["--name", "CSQLSTORE_NAMES", "`names`", "name=value"] {
        assert!(run.stderr.contains(way), "{way}: {run:?}");
    }
    let (line, mut command) =
        command::command(folder.path(), &["cookie", "decode", "--offline", "--max-age", "0", vector.cookie()]);
    command.env("CSQLSTORE_KEYS", vector.keys()).env("CSQLSTORE_NAMES", format!("other {}", vector.name()));
    command::run((line, command)).success();
    offline(&vector, &["--offline", "--max-age", "500ms", &pair]).exits(2);
}

async fn keys_come_from_files_in_their_order() {
    let vector = Vector::of("string");
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        use std::os::unix::fs::PermissionsExt as _;
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    };
    write("new", "# deployed today\nraw:planted-new-key\n");
    write("old", &format!("{}\n", vector.keys()));
    write("empty", "# nothing yet\n");
    write("broken", "raw:a\nhex:planted-typo\n");
    let pair = format!("{}={}", vector.name(), vector.cookie());
    let with_files = |args: &[&str]| {
        let args = [&["cookie", "decode", "--offline", "--max-age", "0", "--format", "json"], args, &[&pair]].concat();
        let (line, mut command) = command::command(folder.path(), &args);
        // The files go before the environment.
        command.env("CSQLSTORE_KEYS", "raw:planted-and-unused");
        let run = command::run((line, command));
        assert!(!run.stderr.contains("planted") && !run.stdout.contains("planted"), "a key is shown: {run:?}");
        run
    };
    assert_eq!(with_files(&["--key-file", "old"]).success().json()["cookie"]["key"], 1);
    assert_eq!(with_files(&["--key-file", "new", "--key-file", "old"]).success().json()["cookie"]["key"], 2);
    with_files(&["--key-file", "new"]).exits(1);
    for (file, why) in [("empty", "no key"), ("broken", "line 2"), ("absent", "No such file")] {
        let error = with_files(&["--key-file", "old", "--key-file", file]).exits(2).json_error();
        let text = error.to_string();
        assert!(text.contains(file) && text.contains(why), "{text}");
    }
}

async fn keys_and_names_come_from_the_configuration() {
    let vector = Vector::of("string");
    let folder = TempDir::new().unwrap();
    for (name, text) in [
        ("keys", vector.keys()),
        ("csqlstore.toml", format!("key_file = \"keys\"\nnames = [\"other\", \"{}\"]\n", vector.name())),
    ] {
        use std::os::unix::fs::PermissionsExt as _;
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let line = ["cookie", "decode", "--offline", "--max-age", "0", "--format", "json", vector.cookie()];
    let run = command::run(command::command(folder.path(), &line)).success();
    assert_eq!(run.json()["cookie"]["name"], vector.name());
    assert_eq!(run.stderr, "");
    // A name on the command line stands for all of the file's.
    command::run(command::command(folder.path(), &[&line[..], &["--name", "other"]].concat())).exits(1);
}

async fn input_without_end_is_refused() {
    let vector = Vector::of("user");
    let run = decode(&vector, &["--offline", "--name", "s"], Some(&vec![b'A'; 3 << 20])).exits(2);
    assert!(run.stderr.contains("more than 1 MiB"), "{run:?}");
    let binary: Vec<u8> = (0..=255).collect();
    decode(&vector, &["--offline", "--name", "s"], Some(&binary)).exits(1);
}

async fn shows_the_cookie_with_its_row() {
    let db = Database::documented().await;
    let vector = Vector::of("user");
    db.row(vector.id(), vector.data(), 3600).await;
    let pair = format!("{}={}", vector.name(), vector.cookie());
    let answer = with_rows(&db, &vector, &["--format", "json", &pair]).success().json();
    assert_eq!(answer["cookie"]["id"], vector.id());
    let session = &answer["session"];
    assert_eq!(session["id"], vector.id());
    assert_eq!((&session["name"], &session["state"]), (&json!(vector.name()), &json!("active")));
    assert_eq!(session["bytes"], vector.data().len());
    assert_eq!(&session["values"], vector.values());
    assert_eq!(session["types"], json!({"user": "main.User"}));
    let run = with_rows(&db, &vector, &["--on", "n3", &pair]).success();
    assert!(run.stdout.contains(&format!("\nSession {} is active\n", vector.id())), "{run:?}");
    assert!(run.stdout.contains("\"ada@example.org\""), "{run:?}");
    assert_eq!(run.stderr, "");
}

async fn a_cookie_whose_row_is_gone_is_still_shown() {
    let db = Database::documented().await;
    let vector = Vector::of("user");
    db.row(vector.id(), vector.data(), 3600).await;
    // What the column's collation takes for the same id, and what cannot be in it at all.
    let near = vector.id().to_ascii_lowercase();
    for id in [near.as_str(), &format!("{} ", vector.id()), "gone", "é", "", &"9".repeat(41), "it's`\\"] {
        let cookie = format!("s={}", sign(&vector.hash_key(), "s", 60, &gob_of(id)));
        let run = with_rows(&db, &vector, &["--format", "json", &cookie]).exits(1);
        let answer = run.json();
        assert_eq!((&answer["cookie"]["id"], &answer["session"]), (&json!(id), &json!(null)), "{id:?}");
        assert_eq!(run.json_error()["class"], "no", "{id:?}");
        let run = with_rows(&db, &vector, &[&cookie]).exits(1);
        assert!(run.stdout.contains("Its session is gone."), "{id:?}: {run:?}");
        assert!(run.stderr.contains("there is no session"), "{id:?}: {run:?}");
    }
}

async fn a_row_that_does_not_open_is_shown_with_its_error() {
    let db = Database::documented().await;
    let vector = Vector::of("user");
    let pair = format!("{}={}", vector.name(), vector.cookie());
    let (foreign, no_gob) = (b"another key".to_vec(), vector.hash_key());
    for (key, code, reason) in [(foreign, 1, "the MAC is wrong"), (no_gob, 4, "is no gob")] {
        db.execute("n1", "DELETE FROM session_cluster").await;
        db.row(vector.id(), &sign(&key, vector.name(), 60, b"no gob"), -60).await;
        let run = with_rows(&db, &vector, &["--format", "json", &pair]).exits(code);
        let session = &run.json()["session"];
        assert_eq!((&session["id"], &session["state"]), (&json!(vector.id()), &json!("expired")));
        assert!(session["error"].as_str().is_some_and(|error| error.contains(reason)), "{session}");
        assert!(session.get("values").is_none() && session.get("name").is_none(), "{session}");
        assert!(run.json_error()["message"].as_str().is_some_and(|text| text.contains(vector.id())), "{run:?}");
        let run = with_rows(&db, &vector, &[&pair]).exits(code);
        assert!(run.stdout.contains("Its values cannot be read."), "{run:?}");
        assert!(run.stderr.contains(reason), "{run:?}");
    }
}

async fn without_a_server_only_offline_answers() {
    let vector = Vector::of("user");
    let pair = format!("{}={}", vector.name(), vector.cookie());
    let run = offline(&vector, &["--max-age", "0", &pair]).exits(2);
    for way in ["--node", "csqlstore.toml", "csqlstore sandbox up", "--offline"] {
        assert!(run.stderr.contains(way), "{way}: {run:?}");
    }
    let node = "mysql://u@127.0.0.1:1/db";
    let run = offline(&vector, &["--max-age", "0", "--node", node, &pair]).exits(3);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("--offline"), "{run:?}");
    // What does not verify is no question for a server.
    offline(&vector, &["--node", node, "--name", "s", "no!"]).exits(1);
}
