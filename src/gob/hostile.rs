//! Gobs that no Go program wrote.

use super::{Concrete, Error, Limits, Value, decode, decode_with};

/// Puts the length before a message.
fn message(body: &[u8]) -> Vec<u8> {
    let mut bytes = uint(u64::try_from(body.len()).unwrap());
    bytes.extend(body);
    bytes
}

fn uint(value: u64) -> Vec<u8> {
    if value < 128 {
        return vec![u8::try_from(value).unwrap()];
    }
    let bytes = value.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let mut out = vec![u8::try_from(256 - (8 - zeros)).unwrap()];
    out.extend(&bytes[zeros..]);
    out
}

fn int(value: i64) -> Vec<u8> {
    uint(if value < 0 { (!value).cast_unsigned() << 1 | 1 } else { value.cast_unsigned() << 1 })
}

/// The message that defines type `id`, of the form that `body` says after its field number.
fn definition(id: i64, body: &[&[u8]]) -> Vec<u8> {
    message(&[&int(-id), &body.concat()[..]].concat())
}

/// `type T []elem`.
fn slice(id: i64, elem: i64) -> Vec<u8> {
    definition(id, &[b"\x02\x02", &int(elem), b"\0\0"])
}

/// `type T [length]elem`.
fn array(id: i64, elem: i64, length: i64) -> Vec<u8> {
    definition(id, &[b"\x01\x02", &int(elem), b"\x01", &int(length), b"\0\0"])
}

/// `type T map[key]elem`.
fn map(id: i64, key: i64, elem: i64) -> Vec<u8> {
    definition(id, &[b"\x04\x02", &int(key), b"\x01", &int(elem), b"\0\0"])
}

/// `type T struct { … }` with nameless fields of these types.
fn structure(id: i64, fields: &[i64]) -> Vec<u8> {
    let mut list = uint(u64::try_from(fields.len()).unwrap());
    for field in fields {
        list.extend([b"\x02", &int(*field)[..], b"\0"].concat());
    }
    definition(id, &[b"\x03\x02", &list, b"\0\0"])
}

fn value(id: i64, body: &[u8]) -> Vec<u8> {
    message(&[&int(id), body].concat())
}

fn fails(parts: &[Vec<u8>]) -> Error {
    decode(&parts.concat()).unwrap_err()
}

#[test]
fn the_forms_used_here_are_those_of_go() {
    let value = decode(&[slice(65, 2), value(65, b"\0\x02\x02\x03")].concat()).map(Value::into_owned).unwrap();
    let Concrete::Slice(list) = value.concrete() else { panic!("{value:?}") };
    assert_eq!(list.items(), [Value::from(Concrete::Int(1)), Value::from(Concrete::Int(-2))]);
    assert_eq!(list.definition().to_string(), "[]int");
}

#[test]
fn every_kind_of_damage_has_its_error() {
    let cases: Vec<(&str, Vec<Vec<u8>>)> = vec![
        ("Truncated", vec![vec![]]),
        ("Truncated", vec![vec![0]]),
        ("Truncated", vec![message(&[])]),
        ("Length", vec![b"\x05\x0c\0\x02h".to_vec()]),
        ("Length", vec![value(6, b"\0\x03hi")]),
        ("Range", vec![value(6, b"\0\xf7")]),
        ("Range", vec![value(1 << 40, b"")]),
        ("Singleton", vec![value(6, b"\x01\x02hi")]),
        ("UndefinedType", vec![value(65, b"\0\0")]),
        ("UndefinedType", vec![value(9, b"\0\0")]),
        ("UndefinedType", vec![value(0, b"\0\0")]),
        ("UndefinedType", vec![slice(65, 66), value(65, b"\0\x01\0")]),
        ("UndefinedType", vec![definition(65, &[b"\x02\0\0"]), value(65, b"\0\x01\0")]),
        ("DuplicateType", vec![slice(65, 2), slice(65, 2)]),
        ("Range", vec![slice(6, 2)]),
        ("BadDefinition", vec![definition(65, &[b"\0"])]),
        ("BadDefinition", vec![definition(65, &[b"\x01\0\x01\0\0"])]),
        ("Range", vec![definition(65, &[b"\x08"])]),
        ("Range", vec![definition(65, &[b"\x02\x03"])]),
        ("Range", vec![array(65, 2, -1)]),
        ("ExtraData", vec![message(&[&int(-65), &b"\x02\x02\x04\0\0"[..], &b"\0"[..]].concat())]),
        ("UnknownField", vec![structure(65, &[2]), value(65, b"\x02\0\0")]),
        ("UnknownField", vec![structure(65, &[2]), value(65, b"\x01\x02\x01\x02\0")]),
        ("UnknownField", vec![structure(65, &[2]), value(65, b"\xf8\xff\xff\xff\xff\xff\xff\xff\xff\0")]),
        ("ArrayLength", vec![array(65, 2, 3), value(65, b"\0\x02\0\0")]),
        ("Count", vec![slice(65, 2), value(65, b"\0\xfc\x7f\xff\xff\xff")]),
        ("Count", vec![map(65, 2, 2), value(65, b"\0\x40\0\0")]),
        ("Truncated", vec![slice(65, 2), value(65, b"\0\x04\0\0\0")]),
        ("Range", vec![value(8, &[b"\0", &uint(1025)[..], &[b'x'; 1025]].concat())]),
        ("Range", vec![definition(65, &[b"\x02\x01\x01", &uint(1025), &[b'x'; 1025]])]),
        ("Range", vec![definition(65, &[b"\x03\x02\x01\x01\x01", &uint(1025), &[b'x'; 1025]])]),
    ];
    for (name, parts) in cases {
        let error = fails(&parts);
        assert!(format!("{error:?}").starts_with(name), "{name}: {error:?} in {parts:02x?}");
        assert!(error.offset().unwrap() <= parts.concat().len());
        assert!(error.place().to_string().starts_with("src/gob/"), "{error:?}");
    }
}

#[test]
fn a_struct_may_end_with_its_message_as_in_go() {
    let input = [structure(65, &[2, 2]), value(65, b"\x02\x06")].concat();
    let value = decode(&input).unwrap();
    let it = value.as_struct().unwrap();
    assert_eq!(it.fields().map(|(_, value)| value.clone()).collect::<Vec<_>>(), [Value::from(Concrete::Int(3))]);
}

#[test]
fn elements_of_no_size_cannot_be_counted_up() {
    let billion = 1_000_000_000;
    for parts in [
        vec![structure(65, &[]), array(66, 65, billion), value(66, &[b"\0", &uint(1_000_000_000)[..]].concat())],
        vec![array(65, 2, 0), array(66, 65, billion), value(66, &[b"\0", &uint(1_000_000_000)[..]].concat())],
        vec![structure(65, &[]), slice(66, 65), value(66, &[b"\0", &uint(u64::MAX)[..]].concat())],
        vec![structure(65, &[]), map(66, 65, 65), value(66, &[b"\0", &uint(1 << 62)[..]].concat())],
    ] {
        assert!(matches!(fails(&parts), Error::Count { .. }), "{parts:02x?}");
    }
    // Within the count, but with nothing left to be elements.
    let parts = [structure(65, &[]), map(66, 65, 65), value(66, b"\0\x08")];
    assert!(matches!(fails(&parts), Error::Truncated { .. }));
}

#[test]
fn counts_within_counts_do_not_multiply() {
    // Each level claims as many elements as bytes follow; only one of the claims can be true.
    let levels = 40;
    let mut parts: Vec<Vec<u8>> = (0..levels).map(|level| slice(65 + level, 66 + level)).collect();
    parts.push(slice(65 + levels, 2));
    let body: Vec<u8> = uint(4000).into_iter().cycle().take(6000).collect();
    parts.push(value(65, &[b"\0", &body[..]].concat()));
    assert!(matches!(fails(&parts), Error::Count { .. }));
    // Arrays of arrays whose lengths multiply to 10^18.
    let parts = [
        array(65, 2, 1000),
        array(66, 65, 1000),
        array(67, 66, 1000),
        value(67, &[&uint(0), &uint(1000)[..]].concat()),
    ];
    assert!(matches!(fails(&parts), Error::Count { .. }));
}

#[test]
fn types_that_are_made_of_themselves_end() {
    // `type T []T`, nested as deep as the bytes say, and `type T [1]T`, `type T map[T]T`, `type T struct { T }`.
    let deep = |first: &[u8], step: &[u8]| value(65, &[first, &step.repeat(10_000)].concat());
    for parts in [
        vec![slice(65, 65), deep(b"\0", b"\x01")],
        vec![array(65, 65, 1), deep(b"\0", b"\x01")],
        vec![map(65, 65, 65), deep(b"\0", b"\x01")],
        vec![structure(65, &[65]), deep(b"", b"\x01")],
        vec![slice(65, 66), slice(66, 65), deep(b"\0", b"\x01")],
    ] {
        let error = fails(&parts);
        assert!(matches!(error, Error::TooDeep { limit: 128, .. }), "{error:?}");
    }
    let value = decode(&[slice(65, 65), value(65, b"\0\x02\0\0")].concat()).map(Value::into_owned).unwrap();
    let Concrete::Slice(list) = value.concrete() else { panic!() };
    assert_eq!(list.definition().to_string(), "[][][][][][][][]…");
    assert_eq!(list.definition(), list.items()[0].definition().unwrap());
}

/// Interfaces in interfaces: name `i`, type 8, a length, a zero, and again.
fn interfaces(levels: usize) -> Vec<u8> {
    let mut body = b"\0".to_vec();
    body.extend(b"\x01i\x10\x01\0".repeat(levels));
    body.push(0);
    value(8, &body)
}

/// The depth that is allowed, in the forms that take the most stack, in a stack of half of what the docs promise.
#[test]
fn the_deepest_value_allowed_fits_a_small_stack() {
    let work = || {
        let depth = Limits::default().depth;
        let lists = [slice(65, 65), value(65, &[b"\0", &b"\x01".repeat(depth - 1)[..], b"\0"].concat())].concat();
        let structs = [structure(65, &[65]), value(65, &b"\x01".repeat(depth - 1))].concat();
        let interfaces = interfaces(depth - 1);
        let maps =
            [map(65, 65, 2), value(65, &[b"\0", &b"\x01".repeat(depth - 1)[..], b"\0", &b"\0".repeat(depth)].concat())];
        for input in [&lists, &structs, &interfaces, &maps.concat()] {
            let value = decode(input).unwrap();
            assert_eq!(value, value.clone());
            drop(value.into_owned());
            assert!(matches!(decode_with(input, &Limits::default().with_depth(depth - 1)), Err(Error::TooDeep { .. })));
        }
        assert!(matches!(decode(&self::interfaces(depth)), Err(Error::TooDeep { .. })));
        assert!(matches!(decode(&self::interfaces(100_000)), Err(Error::TooDeep { .. })));
    };
    std::thread::Builder::new().stack_size(512 * 1024).spawn(work).unwrap().join().unwrap();
}

#[test]
fn no_more_types_than_the_limit() {
    let types = |count: i64| (65..65 + count).flat_map(|id| slice(id, id + 1)).collect::<Vec<u8>>();
    let end = |count: i64| [slice(65 + count, 2), value(65, b"\0\0")].concat();
    assert!(decode(&[types(1023), end(1023)].concat()).is_ok());
    assert!(matches!(fails(&[types(1024), end(1024)]), Error::TooManyTypes { limit: 1024, .. }));
}

/// What a value takes on the heap: what was allocated for it, and is not given back until it goes.
fn heap(value: &Value<'_>) -> usize {
    match value.concrete() {
        Concrete::Slice(it) | Concrete::Array(it) => {
            it.items.capacity() * size_of::<Value<'_>>() + it.items.iter().map(heap).sum::<usize>()
        }
        Concrete::Map(it) => {
            let inside = it.entries.iter().map(|(key, value)| heap(key) + heap(value)).sum::<usize>();
            it.entries.capacity() * 2 * size_of::<Value<'_>>() + inside
        }
        Concrete::Struct(it) => {
            let inside = it.fields.iter().map(|(_, value)| heap(value)).sum::<usize>();
            it.fields.capacity() * size_of::<(u32, Value<'_>)>() + inside
        }
        _ => 0,
    }
}

/// Inputs that make the most of every byte decode, and stay within the promise.
#[test]
fn memory_stays_within_64_bytes_for_each_of_the_input() {
    let count = 200_000;
    let n = uint(count);
    let repeat = |step: &[u8]| step.repeat(usize::try_from(count).unwrap());
    for (name, input) in [
        ("bools", [slice(65, 1), value(65, &[b"\0", &n[..], &repeat(b"\x01")].concat())].concat()),
        ("empty slices", [slice(65, 2), slice(66, 65), value(66, &[b"\0", &n[..], &repeat(b"\0")].concat())].concat()),
        ("nils", [slice(65, 8), value(65, &[b"\0", &n[..], &repeat(b"\0")].concat())].concat()),
        ("map", [map(65, 1, 1), value(65, &[b"\0", &n[..], &repeat(b"\0\0")].concat())].concat()),
        (
            "structs of one field",
            [structure(65, &[1]), slice(66, 65), value(66, &[b"\0", &n[..], &repeat(b"\x01\x01\0")].concat())].concat(),
        ),
        ("one struct of many fields", [structure(65, &[1; 200_000]), value(65, &repeat(b"\x01\x01"))].concat()),
        ("interfaces", [slice(65, 8), value(65, &[b"\0", &n[..], &repeat(b"\x01i\x02\x02\0\x01")].concat())].concat()),
    ] {
        let value = decode(&input).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let heap = heap(&value);
        assert!(heap <= 64 * input.len() + 64 * 1024, "{name}: {heap} bytes from {}", input.len());
    }
}
