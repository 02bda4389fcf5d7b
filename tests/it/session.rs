//! `csqlstore session decode` and `session show`: what real Go wrote, from a text and from a row.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::cases;
use crate::support::Database;
use crate::support::command::{self, Run};
use crate::support::vectors::{Vector, gob_of, sign};

cases! {
    Beside: [
        every_session_decodes_to_its_values,
        data_comes_from_argument_and_input,
        the_human_report_lists_the_values,
        long_values_are_cut_unless_all_is_asked_for,
        what_looks_like_a_secret_is_shown,
        data_that_does_not_verify_says_what_was_tried_and_seen,
        without_a_key_data_is_shown_as_it_claims,
        a_row_is_shown_as_it_claims,
        data_that_does_not_verify_is_1_and_data_that_is_no_session_4,
        a_length_beyond_go_s_is_taken_with_a_word,
        shows_a_session_with_its_state,
        changes_nothing,
        a_session_that_is_not_there_is_1,
        a_row_that_does_not_open_is_1_or_4_and_is_shown,
        a_row_with_no_date_is_4,
        a_table_that_is_not_there_is_4_with_the_way_out,
        without_a_name_nobody_is_asked,
    ],
    Alone: [
        data_beyond_any_session_is_not_fetched,
    ],
}

fn decode(vector: &Vector, args: &[&str], input: Option<&[u8]>) -> Run {
    let folder = TempDir::new().unwrap();
    let (line, mut command) = command::command(folder.path(), &[&["session", "decode"], args].concat());
    command.env("CSQLSTORE_KEYS", vector.keys()).env("CSQLSTORE_NAMES", vector.name());
    let run = match input {
        Some(input) => command::run_with_input((line, command), input),
        None => command::run((line, command)),
    };
    for secret in vector.secrets() {
        assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "a key is shown: {run:?}");
    }
    run
}

/// `session show` on a database, with the vector's keys and name; ages are no matter.
fn show(db: &Database, vector: &Vector, args: &[&str]) -> Run {
    let (line, mut command) = db.command(&[&["session", "show", "--max-age", "0"], args].concat());
    command.env("CSQLSTORE_KEYS", vector.keys()).env("CSQLSTORE_NAMES", vector.name());
    command::run((line, command))
}

fn fields(object: &Json) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

async fn every_session_decodes_to_its_values() {
    for vector in Vector::all() {
        let run = decode(&vector, &["--max-age", "0", "--format", "json", vector.data()], None).success();
        let answer = run.json();
        let session = &answer["session"];
        assert_eq!(answer["schema_version"], 1);
        assert_eq!(&session["values"], vector.values(), "{}", vector.case());
        assert_eq!(session["name"], vector.name());
        assert_eq!((&session["key"], &session["encrypted"]), (&json!(1), &json!(vector.encrypted())));
        assert_eq!(fields(session), ["age_s", "encrypted", "key", "name", "signed_at", "types", "values"]);
        let types = match &session["values"]["$map"] {
            Json::Array(pairs) => session["types"].as_array().is_some_and(|types| types.len() == pairs.len()),
            _ => fields(&session["types"]) == fields(&session["values"]),
        };
        assert!(types, "{}: {}", vector.case(), session["types"]);
    }
}

async fn data_comes_from_argument_and_input() {
    let vector = Vector::of("string");
    let expected = vector.values();
    let input = format!("\n  {}\r\n", vector.data());
    for run in [
        decode(&vector, &["--max-age", "0", "--format", "json", &input], None),
        decode(&vector, &["--max-age", "0", "--format", "json"], Some(input.as_bytes())),
        decode(&vector, &["--max-age", "0", "--format", "json", "-"], Some(input.as_bytes())),
    ] {
        assert_eq!(&run.success().json()["session"]["values"], expected);
    }
    decode(&vector, &[], Some(&vec![b'A'; 3 << 20])).exits(2);
}

async fn the_human_report_lists_the_values() {
    let vector = Vector::of("flashes");
    let run = decode(&vector, &["--max-age", "0", vector.data()], None).success();
    assert_eq!(run.stderr, "");
    let (head, values) = run.stdout.split_once("\n\n").unwrap();
    assert!(head.starts_with("Session data\n  name    session-key\n  signed  2026-11-"), "{head}");
    assert!(head.ends_with(" by key 1, encrypted"), "{head}");
    let expected = "\
2 values
  _flash      []interface {}  2 flashes
    0         string          \"foo\"
    1         string          \"bar\"
  custom_key  []interface {}  4 values
    0         string          \"baz\"
    1         int             1
    2         bool            true
    3         nil             null
";
    assert_eq!(values, expected);
}

async fn long_values_are_cut_unless_all_is_asked_for() {
    let vector = Vector::of("large");
    let run = decode(&vector, &["--max-age", "0", "-"], Some(vector.data().as_bytes())).success();
    let blob = vector.values()["blob"].as_str().unwrap();
    assert!(run.stdout.contains("\"… (9600 bytes)\n") && run.stdout.ends_with("… and 280 more\n"), "{run:?}");
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{run:?}");
    let run = decode(&vector, &["--max-age", "0", "--full", "-"], Some(vector.data().as_bytes())).success();
    assert!(run.stdout.contains(blob) && run.stdout.contains("\n    299  int  "), "{run:?}");
    let times = Vector::of("times");
    let run = decode(&times, &["--max-age", "0", times.data()], None).success();
    assert!(run.stdout.contains("2016-05-04T23:59:59.999999999+08:00 (") && run.stdout.contains(" years ago)\n"));
    assert!(run.stdout.contains("0001-01-01T00:00:00Z (Go's zero time)\n"), "{run:?}");
}

/// Support asked to see the session: nothing in it is masked, whatever its key or its form.
async fn what_looks_like_a_secret_is_shown() {
    let mut values = csqlstore::session::Values::new();
    let secrets = [
        ("password", "hunter2"),
        ("access_token", "ya29.a0AfH6SMBx"),
        ("dsn", "mysql://app:s3cret@db/app"),
        ("go_dsn", "app:s3cret@tcp(db:3306)/app"),
        ("hash_key", "hex:706c616e746564"),
        ("csrf_secret", "raw:planted,base64:cGxhbnRlZA=="),
    ];
    for (key, value) in secrets {
        values.insert(key, value);
    }
    let vector = Vector::of("user");
    let data = sign(&vector.hash_key(), vector.name(), 60, &values.encode().unwrap());
    let human = decode(&vector, &[&data], None).success();
    let json = decode(&vector, &["--format", "json", &data], None).success().json();
    for (key, value) in secrets {
        let line = human.stdout.lines().find(|line| line.trim_start().starts_with(&format!("{key} ")));
        assert!(line.is_some_and(|line| line.ends_with(&format!("\"{value}\""))), "{key}: {human:?}");
        assert_eq!(json["session"]["values"][key], value);
    }
}

async fn data_that_does_not_verify_says_what_was_tried_and_seen() {
    let vector = Vector::of("user");
    let (key, name, data) = (vector.hash_key(), vector.name().to_owned(), vector.data());
    let keyring = format!("raw:one;raw:other,raw:0123456789abcdef;{}", vector.keys());
    let folder = TempDir::new().unwrap();
    let try_keys = |keys: &str, args: &[&str]| {
        let (line, mut command) = command::command(folder.path(), &[&["session", "decode"], args].concat());
        command.env("CSQLSTORE_KEYS", keys);
        command::run((line, command))
    };
    let old = sign(&key, &name, 40 * 86_400, b"x");
    let (n, hash) = (name.as_str(), key.len());
    let expected = [
        format!("key 1 (hash key of 3 bytes, signs only) with `{n}`, `b`: the MAC is wrong"),
        format!("key 2 (hash key of 5 bytes, AES-128) with `{n}`, `b`: the MAC is wrong"),
        format!("key 3 (hash key of {hash} bytes, signs only) with `b`: the MAC is wrong"),
        format!(
            "key 3 (hash key of {hash} bytes, signs only) with `{n}`: the MAC is right, signed 40 days ago; the limit is 30 days"
        ),
    ];
    let run = try_keys(&keyring, &["--name", n, "--name", "b", &old]).exits(1);
    assert_eq!(run.stdout, "");
    for line in &expected {
        assert!(run.stderr.contains(&format!("\n  {line}\n")), "{line}: {run:?}");
    }
    let error = try_keys(&keyring, &["--format", "json", "--name", n, "--name", "b", &old]).exits(1).json_error();
    let causes = error["causes"].as_array().unwrap();
    assert!(expected.iter().all(|line| causes.contains(&json!(line))), "{error}");
    let mut fields = fields(&error);
    fields.sort_unstable();
    assert_eq!(fields, ["causes", "class", "hint", "message", "status"]);

    let fresh = |gob: &[u8]| sign(&key, n, 60, gob);
    let foreign = sign(b"another key", n, 60, b"x");
    for (case, code, keys, value, said, hint) in [
        ("quoted", 1, &vector.keys(), format!("'{data}'"), "it is wrapped in quotes", "undo that"),
        (
            "URL-encoded",
            1,
            &vector.keys(),
            data.replace('=', "%3D") + "%0A",
            "it is URL-encoded (`%3D` stands for `=`); without that, it verifies",
            "undo that",
        ),
        ("cut", 1, &vector.keys(), data[..data.len() - 9].to_owned(), "of the 32 bytes of its MAC are left", "copied"),
        (
            "other name",
            1,
            &vector.keys(),
            sign(&key, "session-name", 60, b"x"),
            "for another name, `session-name`",
            "--name session-name",
        ),
        (
            "misread key",
            1,
            &format!("raw:{}", &vector.keys()["base64:".len()..]),
            fresh(b"x"),
            "is base64, and the writer",
            "base64:",
        ),
        (
            "a cookie, foreign",
            1,
            &"raw:k".to_owned(),
            fresh(&gob_of("id")),
            "claims to hold a session id",
            "cookie decode",
        ),
        ("encrypted or damaged", 1, &"raw:k".to_owned(), foreign, "its payload is no gob", "these its keys"),
    ] {
        let run = try_keys(keys, &["--max-age", "0", "--name", n, &value]).exits(code);
        assert!(run.stderr.contains(said), "{case}: {run:?}");
        assert!(run.stderr.lines().any(|line| line.starts_with("hint:") && line.contains(hint)), "{case}: {run:?}");
        assert!(!run.stderr.contains(&value), "{case}: the value is repeated: {run:?}");
    }
}

async fn without_a_key_data_is_shown_as_it_claims() {
    let vector = Vector::of("user");
    let folder = TempDir::new().unwrap();
    let run = |keys: Option<&str>, args: &[&str]| {
        let (line, mut command) =
            command::command(folder.path(), &[&["session", "decode", "--unverified"], args].concat());
        command.envs(keys.map(|keys| ("CSQLSTORE_KEYS", keys)));
        command::run((line, command))
    };
    let marked =
        |run: &Run| run.stdout.lines().count() > 2 && run.stdout.lines().all(|l| l.starts_with("not verified:"));
    for keys in [None, Some("raw:wrong"), Some("raw:wrong,raw:0123456789abcdef")] {
        for name in [&[][..], &["--name", "s"]] {
            let shown = run(keys, &[name, &[vector.data()]].concat()).exits(1);
            assert!(marked(&shown) && shown.stdout.contains("\"ada@example.org\""), "{shown:?}");
            assert!(shown.stderr.starts_with("error: "), "{shown:?}");
            let shown = run(keys, &[name, &["--format", "json", vector.data()]].concat()).exits(1);
            let answer = shown.json();
            assert_eq!(fields(&answer), ["schema_version", "unverified"]);
            assert_eq!(&answer["unverified"]["values"], vector.values());
            assert_eq!(shown.json_error()["class"], "no");
        }
    }
    // Where it verifies, it is shown as ever.
    let verified = run(Some(&vector.keys()), &["--max-age", "0", "--name", vector.name(), vector.data()]).success();
    assert!(!verified.stdout.contains("not verified"), "{verified:?}");
    let encrypted = Vector::of("string");
    let shown = run(None, &[encrypted.data()]).exits(1);
    assert!(marked(&shown) && shown.stdout.contains("cannot be shown"), "{shown:?}");
    let shown = run(None, &["--format", "json", encrypted.data()]).exits(1).json();
    assert_eq!(shown["unverified"]["readable"], false);
    assert!(shown["unverified"]["signed_at"].is_string() && shown["unverified"].get("values").is_none(), "{shown}");
    let nothing = run(None, &["no!"]).exits(1);
    assert!(nothing.stdout.is_empty() && nothing.stderr.contains("not base64"), "{nothing:?}");
}

async fn a_row_is_shown_as_it_claims() {
    let db = Database::documented().await;
    let vector = Vector::of("user");
    db.row(vector.id(), vector.data(), 3600).await;
    for keys in [None, Some("raw:wrong")] {
        let show = |args: &[&str]| {
            let args = [&["session", "show", "--unverified", "--name", "s"], args, &[vector.id()]].concat();
            let (line, mut command) = db.command(&args);
            command.envs(keys.map(|keys| ("CSQLSTORE_KEYS", keys)));
            command::run((line, command))
        };
        let run = show(&[]).exits(1);
        assert!(run.stdout.starts_with(&format!("Session {} is active\n", vector.id())), "{run:?}");
        let of_data: Vec<&str> = run.stdout.lines().filter(|line| line.contains("ada@example.org")).collect();
        assert!(of_data.len() == 1 && of_data[0].starts_with("not verified:"), "{run:?}");
        let session = show(&["--format", "json"]).exits(1).json()["session"].clone();
        assert_eq!(&session["unverified"]["values"], vector.values());
        assert!(session["error"].is_string() && session.get("values").is_none(), "{session}");
    }
}

async fn data_that_does_not_verify_is_1_and_data_that_is_no_session_4() {
    let vector = Vector::of("user");
    let (key, name) = (vector.hash_key(), vector.name().to_owned());
    let data = vector.data();
    let mut tampered = data.to_owned();
    tampered.replace_range(100..101, if &data[100..101] == "A" { "B" } else { "A" });
    for (case, code, value, reason) in [
        ("tampered", 1, tampered, "the MAC is wrong"),
        ("foreign", 1, sign(b"another key", &name, 60, b"x"), "the MAC is wrong"),
        ("too old", 1, sign(&key, &name, 31 * 86_400, b"x"), "signed 31 days ago"),
        ("cut short", 1, data[..100].to_owned(), "of the three parts"),
        ("no base64", 1, "no!".to_owned(), "not base64"),
        ("empty", 1, " \n".to_owned(), "the value is empty"),
        ("no gob", 4, sign(&key, &name, 60, b"no gob"), "is no gob"),
        ("a cookie", 4, sign(&key, &name, 60, &gob_of(vector.id())), "holds string instead of session values"),
    ] {
        let run = decode(&vector, &["-"], Some(value.as_bytes())).exits(code);
        assert_eq!(run.stdout, "", "{case}");
        assert!(run.stderr.contains(reason), "{case}: {run:?}");
        let error = decode(&vector, &["--format", "json"], Some(value.as_bytes())).exits(code).json_error();
        assert_eq!(error["class"], if code == 1 { "no" } else { "data" }, "{case}: {error}");
    }
    let run = decode(&vector, &["--name", "x", "--name", "y", "--max-age", "0", data], None).exits(1);
    assert!(run.stderr.contains("the names `x`, `y`"), "{run:?}");
}

async fn a_length_beyond_go_s_is_taken_with_a_word() {
    let vector = Vector::of("large");
    let run = decode(&vector, &["--max-age", "0", "--format", "json"], Some(vector.data().as_bytes())).success();
    assert!(run.stderr.contains("the value has 22336 bytes; gorilla takes no more than 4096"), "{run:?}");
    let lifted = decode(&vector, &["--max-age", "0", "--max-length", "0", vector.data()], None).success();
    assert_eq!(lifted.stderr, "");
    let run = decode(&vector, &["--max-age", "0", "--max-length", "4096", vector.data()], None).exits(1);
    assert!(run.stderr.contains("22336 bytes, more than the 4096"), "{run:?}");
}

async fn shows_a_session_with_its_state() {
    let db = Database::documented().await;
    let vector = Vector::of("nested-maps");
    for (id, expires_in_s) in [("active", 3600), ("expired", -600), ("purgeable", -7200)] {
        db.row(id, vector.data(), expires_in_s).await;
    }
    for state in ["active", "expired", "purgeable"] {
        let answer = show(&db, &vector, &["--format", "json", state]).success().json();
        let session = &answer["session"];
        let all = "age_s bytes encrypted expires_at id key modified_at name signed_at state types values";
        assert_eq!(fields(session), all.split(' ').collect::<Vec<_>>());
        assert_eq!((&session["id"], &session["state"]), (&json!(state), &json!(state)));
        assert_eq!(&session["values"], vector.values());
        assert_eq!(session["bytes"], vector.data().len());
        let stored = |column: &str| {
            format!("SELECT DATE_FORMAT({column}, '%Y-%m-%dT%H:%i:%sZ') FROM session_cluster WHERE id = '{state}'")
        };
        assert_eq!(session["expires_at"], db.column("n2", &stored("expire_on")).await[0]);
        let modified = stored("CONVERT_TZ(modify_at, @@session.time_zone, '+00:00')");
        assert_eq!(session["modified_at"], db.column("n2", &modified).await[0]);
        let run = show(&db, &vector, &[state]).success();
        assert!(
            run.stdout.starts_with(&format!("Session {state} is {state}\n  name      {}\n", vector.name())),
            "{run:?}"
        );
        let ahead = run.stdout.lines().any(|line| line.contains("expires") && line.contains("(in "));
        assert_eq!(ahead, state == "active", "{run:?}");
    }
    let graced = |grace: &str| {
        let args = ["--format", "json", "--grace", grace, "expired"];
        show(&db, &vector, &args).success().json()["session"]["state"].clone()
    };
    assert_eq!((graced("1m"), graced("11m")), (json!("purgeable"), json!("expired")));
}

async fn changes_nothing() {
    let db = Database::documented().await;
    let vector = Vector::of("user");
    db.row(vector.id(), vector.data(), -7200).await;
    let whole = "SELECT GROUP_CONCAT(id, data, expire_on, modify_at) FROM session_cluster";
    let (rows, tables) = (db.column("n1", whole).await, db.tables().await);
    show(&db, &vector, &[vector.id()]).success();
    show(&db, &vector, &["gone"]).exits(1);
    assert_eq!((db.column("n1", whole).await, db.tables().await), (rows, tables));
}

async fn a_session_that_is_not_there_is_1() {
    let db = Database::documented().await;
    let vector = Vector::of("user");
    db.row(vector.id(), vector.data(), 3600).await;
    for id in ["gone", &vector.id().to_ascii_lowercase(), "'; DROP TABLE session_cluster; --"] {
        let run = show(&db, &vector, &["--", id]).exits(1);
        assert!(run.stdout.is_empty() && run.stderr.contains("there is no session"), "{run:?}");
    }
    let run = show(&db, &vector, &[vector.cookie()]).exits(1);
    assert!(run.stderr.contains("csqlstore cookie decode"), "{run:?}");
    assert_eq!(db.ids("n1").await, [vector.id()]);
}

async fn a_row_that_does_not_open_is_1_or_4_and_is_shown() {
    let db = Database::documented().await;
    let vector = Vector::of("user");
    let name = vector.name().to_owned();
    db.row("foreign", &sign(b"another key", &name, 60, b"x"), 3600).await;
    db.row("no-gob", &sign(&vector.hash_key(), &name, 60, b"no gob"), 3600).await;
    db.execute("n1", "INSERT INTO session_cluster (id, data, expire_on) VALUES ('binary', 0x00ff, UTC_TIMESTAMP())")
        .await;
    for (id, code, reason) in
        [("foreign", 1, "the MAC is wrong"), ("no-gob", 4, "is no gob"), ("binary", 1, "not base64")]
    {
        let run = show(&db, &vector, &["--format", "json", id]).exits(code);
        let session = &run.json()["session"];
        assert_eq!(fields(session), ["bytes", "error", "expires_at", "id", "modified_at", "state"], "{id}");
        assert!(session["error"].as_str().is_some_and(|error| error.contains(reason)), "{id}: {session}");
        let run = show(&db, &vector, &[id]).exits(code);
        assert!(run.stderr.contains(&format!("error: the data of session `{id}` cannot be read")), "{run:?}");
        assert!(run.stderr.contains(reason) && run.stdout.contains("Its values cannot be read."), "{run:?}");
    }
}

async fn a_row_with_no_date_is_4() {
    let db = Database::migrated().await;
    let vector = Vector::of("user");
    let mut root = db.connect("n1").await;
    root.execute("a test's mode", "SET SESSION sql_mode = 'ALLOW_INVALID_DATES'", ()).await.unwrap();
    for (id, date) in [("zero", "0000-00-00"), ("odd", "2026-02-31")] {
        let sql = format!("INSERT INTO session_cluster (id, data, expire_on) VALUES ('{id}', 'x', '{date}')");
        root.execute("a test's row", &sql, ()).await.unwrap();
    }
    root.close().await;
    for id in ["zero", "odd"] {
        let run = show(&db, &vector, &[id]).exits(4);
        assert!(run.stderr.contains(&format!("column `expire_on` of session `{id}` holds no date")), "{run:?}");
    }
}

async fn a_table_that_is_not_there_is_4_with_the_way_out() {
    let db = Database::empty().await;
    let run = show(&db, &Vector::of("user"), &["any"]).exits(4);
    assert!(run.stderr.contains("(1146)") && run.stderr.contains("csqlstore migrate up"), "{run:?}");
}

async fn without_a_name_nobody_is_asked() {
    let vector = Vector::of("user");
    let folder = TempDir::new().unwrap();
    for args in [&["decode", "-"][..], &["show", "--node", "mysql://u@127.0.0.1:1/db", "any"]] {
        let (line, mut command) = command::command(folder.path(), &[&["session"], args].concat());
        command.env("CSQLSTORE_KEYS", vector.keys());
        let run = command::run((line, command)).exits(2);
        assert!(run.stderr.contains("--name"), "{run:?}");
    }
}

/// Raises the servers' longest packet for a moment, which is why it runs alone.
async fn data_beyond_any_session_is_not_fetched() {
    let db = Database::documented().await;
    let vector = Vector::of("user");
    let packet = db.column("n1", "SELECT CAST(@@global.max_allowed_packet AS CHAR)").await.remove(0);
    db.execute("n1", "SET GLOBAL max_allowed_packet = 67108864").await;
    let bytes = (16 << 20) + 1;
    let sql = format!(
        "INSERT INTO session_cluster (id, data, expire_on) VALUES ('huge', REPEAT('A', {bytes}), UTC_TIMESTAMP())"
    );
    db.execute("n1", &sql).await;
    let run = show(&db, &vector, &["--on", "n1", "huge"]);
    db.execute("n1", &format!("SET GLOBAL max_allowed_packet = {packet}")).await;
    let run = run.exits(4);
    assert!(run.stderr.contains(&format!("{bytes} bytes, more than the 16777216 that are read")), "{run:?}");
}
