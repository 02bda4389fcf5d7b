//! SQL that every server takes.

/// Writes a derived table `numbers` with a column `seq` of 1 to `count`.
///
/// MariaDB has tables for that and MySQL has not; and a recursive query ends at 1000 in either, by variables of
/// different names.
pub fn numbers(count: u32) -> String {
    const DIGITS: &str = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
                          UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    let places = count.to_string().len();
    let sum: Vec<String> =
        (0..places).map(|place| format!("d{place}.d * {}", 10_u64.pow(u32::try_from(place).unwrap()))).collect();
    let tables: Vec<String> = (0..places).map(|place| format!("{DIGITS} AS d{place}")).collect();
    format!(
        "(SELECT 1 + {0} AS seq FROM {1} WHERE 1 + {0} <= {count}) AS numbers",
        sum.join(" + "),
        tables.join(" CROSS JOIN ")
    )
}
