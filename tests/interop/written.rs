//! What we write, read by Go: every vector written again, every row of the table at `gob::ToGo`, structs whose fields were
//! changed, and generated sessions; signed, encrypted and under rotated keys.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use csqlstore::go_struct;
use csqlstore::gob::{Time, Value};
use csqlstore::securecookie::{Codec, KeyPair, Keyring};
use csqlstore::session::{Id, Values, seal_data, seal_id};
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::go;
use crate::mutate::Numbers;
use crate::vectors::Vector;

/// A hash key, and perhaps a block key.
type Pair = (Vec<u8>, Option<Vec<u8>>);

/// Keys of every kind, the first of which signs; each is also tried as one of several that Go has.
fn pairs() -> [Pair; 4] {
    [
        (b"a hash key of any length".to_vec(), None),
        (vec![1; 64], Some(vec![2; 16])),
        (vec![3; 32], Some(vec![4; 24])),
        (vec![5], Some(vec![6; 32])),
    ]
}

/// A session that we wrote, as the Go program wants to be asked about it.
struct Written {
    case: String,
    values: Values<'static>,
    /// What Go has to see, as JSON, and the Go types of the values.
    expected: String,
    types: Json,
}

impl Written {
    fn new(case: impl Into<String>, values: Values<'static>, expected: &Json) -> Self {
        let types = values.types();
        Self { case: case.into(), values, expected: expected.to_string(), types }
    }

    /// Seals the session under the pair at `signer`, and asks a Go program that has all pairs, in an order in which the
    /// signer is first, in the middle or last.
    fn request(&self, signer: usize) -> String {
        let name = ["session-key", "sid", "a name_with.others"][signer % 3];
        let pairs = pairs();
        let (hash, block) = pairs[signer].clone();
        let keyring = Keyring::new(vec![KeyPair::new(hash, block).unwrap()]).unwrap();
        let codec = Codec::new(keyring);
        let now = Timestamp::now();
        let id = Id::generate(now).unwrap();
        let data =
            seal_data(&codec, name, &self.values, now).unwrap_or_else(|error| panic!("{}: {error:?}", self.case));
        let cookie = seal_id(&codec, name, &id, now).unwrap();
        let keys: Vec<Json> = pairs
            .iter()
            .map(|(hash, block)| {
                json!({"hash_key": STANDARD.encode(hash), "block_key": block.as_ref().map(|key| STANDARD.encode(key))})
            })
            .collect();
        let request = json!({
            "case": self.case, "name": name, "pairs": keys, "id": id.as_str(), "cookie": cookie, "data": data,
            "gob": STANDARD.encode(self.values.encode().unwrap()), "types": self.types,
        });
        // The expected values go in as text: floats would not survive being read and written again.
        format!("{},\"values\":{}}}", request.to_string().strip_suffix('}').unwrap(), self.expected)
    }
}

#[track_caller]
fn assert_go_reads(sessions: &[Written]) {
    let requests: Vec<String> =
        sessions.iter().enumerate().map(|(at, session)| session.request(at % pairs().len())).collect();
    for (session, answer) in sessions.iter().zip(go::ask("check", &requests)) {
        assert_eq!(answer["problem"], Json::Null, "{}: {:?}", session.case, session.values);
    }
}

#[test]
fn go_reads_every_vector_that_we_write_again() {
    let mut sessions = Vec::new();
    for vector in Vector::all() {
        let gob = vector.gob();
        let values = Values::decode(&gob).unwrap().into_owned();
        let again = Values::decode_owned(&values.encode().unwrap()).unwrap();
        assert_eq!(again, values, "{}", vector.case());
        // Under each of the pairs.
        for values in [values, again].into_iter().cycle().take(pairs().len()) {
            let (_, expected) = vector.line.split_once("\"values\":").unwrap();
            let expected = expected.strip_suffix('}').unwrap().to_owned();
            let types = Values::decode(&gob).unwrap().types();
            sessions.push(Written { case: vector.case().to_owned(), values, expected, types });
        }
    }
    assert_go_reads(&sessions);
}

struct FlashMessage {
    kind: isize,
    message: String,
}
go_struct!(FlashMessage as "main.FlashMessage" { kind => "Type", message => "Message" });

#[derive(Clone)]
struct Base {
    id: usize,
}
go_struct!(Base as "main.Base" { id => "ID" });

#[derive(Clone)]
struct Address {
    street: &'static str,
    city: &'static str,
    geo: [f64; 2],
}
go_struct!(Address as "acct.v2/Address" { street => "Street", city => "City", geo => "Geo" });

/// Fewer fields than Go's, and in another order: gob goes by their names.
struct User {
    name: String,
    base: Base,
    home: Option<Box<Address>>,
    seen: Timestamp,
    avatar: Vec<u8>,
    roles: Vec<String>,
    scores: BTreeMap<String, f32>,
    attrs: HashMap<String, Value<'static>>,
    any: Value<'static>,
    active: bool,
}
go_struct!(User as "main.User" {
    name => "Name", base => "Base", home => "Home", seen => "Seen", avatar => "Avatar", roles => "Roles",
    scores => "Scores", attrs => "Attrs", any => "Any", active => "Active",
});

#[derive(Default)]
struct Tree {
    label: &'static str,
    left: Option<Box<Tree>>,
    kids: Vec<Tree>,
}
go_struct!(Tree as "*main.Tree" { label => "Label", left => "Left", kids => "Kids" });

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Point {
    x: isize,
    y: isize,
}
go_struct!(Point as "main.Point" { x => "X", y => "Y" });

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// One value of each row of the table at `gob::ToGo`: what is written, the Go type, and what Go sees.
fn one_of_each() -> (Values<'static>, Json, Json) {
    let (mut values, mut expected, mut types) = (Values::new(), json!({}), json!({}));
    macro_rules! put {
        ($($value:expr => $ty:literal $json:tt;)*) => {$(
            let key = format!("{} {}", types.as_object().unwrap().len(), $ty);
            values.insert(&key, $value);
            types[&key] = json!($ty);
            expected[&key] = json!($json);
        )*};
    }
    let zoned = "2024-02-29T12:00:00.5+05:30[+05:30]".parse::<jiff::Zoned>().unwrap();
    let odd = Time { seconds: 59_000_000_000, nanoseconds: 1, offset: Some(8434) };
    put! {
        true => "bool" true;
        false => "bool" false;
        isize::MIN => "int" (i64::MIN);
        i8::MIN => "int8" (-128);
        i16::MAX => "int16" 32767;
        i32::MIN => "int32" (i32::MIN);
        i64::MAX => "int64" (i64::MAX);
        0_isize => "int" 0;
        usize::MAX => "uint" (u64::MAX);
        u8::MAX => "uint8" 255;
        u16::MAX => "uint16" 65535;
        u32::MAX => "uint32" (u32::MAX);
        u64::MAX => "uint64" (u64::MAX);
        0.5_f32 => "float32" 0.5;
        f32::MAX => "float32" (f64::from(f32::MAX));
        -1.5e-300_f64 => "float64" (-1.5e-300);
        -0.0_f64 => "float64" (-0.0);
        f64::NAN => "float64" "NaN";
        f64::NEG_INFINITY => "float64" "-Inf";
        'ß' => "int32" 223;
        "text" => "string" "text";
        String::from("世界 🌍\0") => "string" "世界 🌍\0";
        Cow::from("") => "string" "";
        b"\x00\xff".to_vec() => "[]uint8" {"$bytes": "AP8="};
        &b"bytes"[..] => "[]uint8" {"$bytes": "Ynl0ZXM="};
        Vec::<u8>::new() => "[]uint8" {"$bytes": ""};
        vec![Value::of("a"), Value::of(1_i8), Value::NIL] => "[]interface {}" ["a", 1, null];
        Vec::<Value<'_>>::new() => "[]interface {}" [];
        vec!["a", ""] => "[]string" ["a", ""];
        vec![true, false] => "[]bool" [true, false];
        vec![-1_isize, 0] => "[]int" [-1, 0];
        vec![1_i64 << 40] => "[]int64" [(1_i64 << 40)];
        vec![65535_u16, 0] => "[]uint16" [65535, 0];
        vec![0.0, 1.25] => "[]float64" [0.0, 1.25];
        vec![b"a".to_vec(), Vec::new()] => "[][]uint8" [{"$bytes": "YQ=="}, {"$bytes": ""}];
        vec![vec!["a"], vec![]] => "[][]string" [["a"], []];
        vec![time("1970-01-01T00:00:00Z")] => "[]time.Time" ["1970-01-01T00:00:00Z"];
        vec![BTreeMap::from([("a", 1_isize)]), BTreeMap::new()] => "[]map[string]int" [{"a": 1}, {}];
        vec![Point { x: 1, y: 0 }, Point { x: 0, y: 0 }] => "[]main.Point" [{"X": 1}, {}];
        ["a", "b"] => "[2]string" ["a", "b"];
        [0_isize, 0, 7] => "[3]int" [0, 0, 7];
        HashMap::from([("k", "v")]) => "map[string]string" {"k": "v"};
        BTreeMap::from([("a", -1_isize), ("$b", 2)]) => "map[string]int" {"$map": [["$b", 2], ["a", -1]]};
        BTreeMap::from([(-3_isize, "neg"), (5, "five")]) => "map[int]string" {"$map": [[-3, "neg"], [5, "five"]]};
        BTreeMap::from([("o", Point { x: 0, y: 2 })]) => "map[string]main.Point" {"o": {"Y": 2}};
        BTreeMap::from([(Point { x: 1, y: 2 }, "p")]) => "map[main.Point]string" {"$map": [[{"X": 1, "Y": 2}, "p"]]};
        HashMap::from([("a", Value::of(1_isize)), ("n", Value::NIL)]) => "map[string]interface {}" {"a": 1, "n": null};
        time("2026-11-22T01:02:03.456789Z") => "time.Time" "2026-11-22T01:02:03.456789Z";
        time("-009999-01-02T01:59:59Z") => "time.Time" {"$gob": "Af///7aGmLAfAAAAAP//"};
        zoned => "time.Time" "2024-02-29T12:00:00.5+05:30";
        odd => "time.Time" "1870-08-21T11:13:54.000000001+02:20:34";
        Some("some") => "string" "some";
        Box::new(1_u8) => "uint8" 1;
        FlashMessage { kind: 42, message: "foo".into() } => "main.FlashMessage" {"Type": 42, "Message": "foo"};
        FlashMessage { kind: 0, message: String::new() } => "main.FlashMessage" {};
        Point { x: -1, y: 0 } => "main.Point" {"X": -1};
        Address { street: "1 Main", city: "", geo: [51.5, 0.0] } => "acct.v2/Address" {"Street": "1 Main", "Geo": [51.5, 0.0]};
        Tree {
            label: "root",
            left: Some(Box::new(Tree { label: "l", ..Tree::default() })),
            kids: vec![Tree { label: "k", ..Tree::default() }],
        } => "*main.Tree" {"Label": "root", "Left": {"Label": "l"}, "Kids": [{"Label": "k"}]};
        User {
            name: "Ada".into(),
            base: Base { id: 77 },
            home: Some(Box::new(Address { street: "", city: "Paris", geo: [0.0, 0.0] })),
            seen: time("2020-02-29T12:00:00Z"),
            avatar: vec![9, 8],
            roles: vec!["admin".into(), String::new()],
            scores: BTreeMap::from([("z".into(), 0.5)]),
            attrs: HashMap::from([("tags".into(), Value::of(vec![Value::of("x")]))]),
            any: Value::of(Point { x: 3, y: 4 }),
            active: true,
        } => "main.User" {
            "Active": true, "Addr": {"Geo": [0.0, 0.0]}, "Any": {"X": 3, "Y": 4}, "Attrs": {"tags": ["x"]},
            "Avatar": {"$bytes": "CQg="}, "Base": {"ID": 77}, "Home": {"City": "Paris", "Geo": [0.0, 0.0]},
            "Name": "Ada", "Roles": ["admin", ""], "Scores": {"z": 0.5}, "Seen": "2020-02-29T12:00:00Z",
        };
    }
    values.insert("nothing", None::<String>);
    expected["nothing"] = Json::Null;
    types["nothing"] = Json::Null;
    (values, expected, types)
}

#[test]
fn go_finds_the_type_that_the_table_gives_for_each_rust_type() {
    let (values, expected, types) = one_of_each();
    assert_eq!(values.types(), types);
    let session = |values: Values<'static>| Written::new("one of each", values, &expected);
    let again = Values::decode_owned(&values.encode().unwrap()).unwrap();
    assert_go_reads(&[session(values.clone()), session(values.clone()), session(again), session(values)]);
}

#[test]
fn go_reads_flashes_as_gorilla_keeps_them() {
    let mut values = Values::new();
    values.add_flash("one").unwrap();
    values.add_flash(FlashMessage { kind: 2, message: "two".into() }).unwrap();
    values.add_flash_under("other", 3_isize).unwrap();
    let expected = json!({"_flash": ["one", {"Type": 2, "Message": "two"}], "other": [3]});
    assert_go_reads(&[Written::new("flashes", values, &expected)]);
}

#[test]
fn go_reads_a_struct_whose_fields_were_changed_here() {
    let gob = Vector::of("user").gob();
    let mut values = Values::decode(&gob).unwrap().into_owned();
    let user = values.get_mut("user").unwrap().as_struct_mut().unwrap();
    user.set("Email", "ada@example.com").unwrap();
    user.set("Roles", vec!["user"]).unwrap();
    user.set("Any", 7_u16).unwrap();
    user.set("Seen", time("2026-01-01T00:00:00Z")).unwrap();
    user.unset("Avatar").unwrap();
    user.unset("Home").unwrap();
    values.insert("more", 1_i64);
    let mut expected = Vector::of("user").json["values"].clone();
    for (field, value) in [
        ("Email", json!("ada@example.com")),
        ("Roles", json!(["user"])),
        ("Any", json!(7)),
        ("Seen", json!("2026-01-01T00:00:00Z")),
    ] {
        expected["user"][field] = value;
    }
    let user = expected["user"].as_object_mut().unwrap();
    assert!(user.remove("Avatar").is_some() && user.remove("Home").is_some());
    expected["more"] = json!(1);
    assert_go_reads(&[Written::new("changed", values, &expected)]);
}

/// Makes a value of a type that Go knows by itself or that interop/ registers, and what Go has to see of it.
fn generated(numbers: &mut Numbers, depth: usize) -> (Value<'static>, Json) {
    let bits = numbers.bits();
    let small = bits % 1000;
    macro_rules! as_it_is {
        ($value:expr) => {{
            let value = $value;
            (Value::of(value), json!(value))
        }};
    }
    let text: String =
        (0..bits % 40).map(|at| char::from_u32(32 + numbers.below(0xd000) as u32 + at as u32).unwrap()).collect();
    match numbers.below(if depth == 0 { 15 } else { 20 }) {
        0 => as_it_is!(bits.is_multiple_of(2)),
        1 => as_it_is!((bits >> (bits % 64)).cast_signed() as isize),
        2 => as_it_is!(bits as i8),
        3 => as_it_is!(bits as i16),
        4 => as_it_is!(bits as i32),
        5 => as_it_is!((bits >> (bits % 64)).cast_signed()),
        6 => as_it_is!(bits as u8),
        7 => as_it_is!(bits as u32),
        8 => as_it_is!(bits >> (bits % 64)),
        9 => {
            let float = f64::from_bits(bits);
            (Value::of(float), if float.is_finite() { json!(float) } else { json!(go_float(float)) })
        }
        10 => {
            let float = f32::from_bits(bits as u32);
            (Value::of(float), if float.is_finite() { json!(f64::from(float)) } else { json!(go_float(float.into())) })
        }
        11 => (Value::of(text.as_str()), json!(text)),
        12 => {
            let bytes: Vec<u8> = (0..small % 50).map(|at| (bits >> (at % 57)) as u8).collect();
            (Value::of(bytes.clone()), json!({"$bytes": STANDARD.encode(bytes)}))
        }
        13 => {
            let at = Timestamp::new((bits % 253_000_000_000).cast_signed(), (small * 1_000_003 % 1_000_000_000) as i32)
                .unwrap();
            (Value::of(at), json!(Time::from(at).rfc3339().unwrap()))
        }
        14 => (Value::of(vec![text.clone(), String::new()]), json!([text, ""])),
        15 | 16 => {
            let (items, json): (Vec<_>, Vec<_>) = (0..small % 5).map(|_| generated(numbers, depth - 1)).unzip();
            (Value::of(items), Json::Array(json))
        }
        17 | 18 => {
            let entries: Vec<_> =
                (0..small % 5).map(|at| (format!("{at}{text}"), generated(numbers, depth - 1))).collect();
            let json = entries.iter().map(|(key, (_, json))| (key.clone(), json.clone())).collect();
            let map: HashMap<String, Value<'_>> = entries.into_iter().map(|(key, (value, _))| (key, value)).collect();
            (Value::of(map), json)
        }
        _ => {
            let (any, json) = generated(numbers, depth - 1);
            let user = User {
                name: text.clone(),
                base: Base { id: small as usize },
                home: None,
                seen: Timestamp::UNIX_EPOCH,
                avatar: Vec::new(),
                roles: vec![text.clone()],
                scores: BTreeMap::new(),
                attrs: HashMap::from([("a".to_owned(), any.clone())]),
                any,
                active: false,
            };
            let mut expected = json!({
                "Addr": {"Geo": [0.0, 0.0]}, "Any": json, "Attrs": {"a": json}, "Base": {"ID": small}, "Name": text,
                "Roles": [text], "Scores": {}, "Seen": "1970-01-01T00:00:00Z",
            });
            let zero = |name: &str| matches!((name, small), ("ID", 0)) || text.is_empty() && name == "Name";
            expected.as_object_mut().unwrap().retain(|name, _| !zero(name));
            if small == 0 {
                expected["Base"] = json!({});
            }
            (Value::of(user), expected)
        }
    }
}

fn go_float(float: f64) -> &'static str {
    match float {
        float if float.is_nan() => "NaN",
        float if float > 0.0 => "+Inf",
        _ => "-Inf",
    }
}

#[test]
fn go_reads_generated_sessions() {
    let mut numbers = Numbers::new(0x60_1337);
    let sessions: Vec<Written> = (0..1000)
        .map(|at| {
            let (mut values, mut expected) = (Values::new(), json!({}));
            for key in 0..numbers.below(9) {
                let (value, json) = generated(&mut numbers, 4);
                let key = format!("key {key}");
                values.insert(&key, value);
                expected[&key] = json;
            }
            Written::new(format!("generated {at}"), values, &expected)
        })
        .collect();
    assert_go_reads(&sessions);
}
