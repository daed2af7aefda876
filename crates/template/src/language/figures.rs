//! Numbers in figures.

use super::{Grouping, NumberSigns};
use crate::decimal::Decimal;

impl NumberSigns {
    /// Writes a number with the signs of its language; minus is the plain hyphen.
    pub(crate) fn write(self, number: &Decimal) -> String {
        let mut text = String::new();
        if number.negative {
            text.push('-');
        }
        self.write_grouped(&number.integer, &mut text);
        if !number.fraction.is_empty() {
            text.push(self.decimal);
            text.push_str(&number.fraction);
        }
        text
    }

    fn write_grouped(self, digits: &str, text: &mut String) {
        let group = self.group.filter(|_| digits.len() >= self.grouped_from);
        for (index, digit) in digits.chars().enumerate() {
            let after = digits.len() - index;
            if let Some(group) = group.filter(|_| index > 0 && self.begins_group(after)) {
                text.push(group);
            }
            text.push(digit);
        }
    }

    /// Whether a group begins where so many digits are left.
    fn begins_group(self, digits_left: usize) -> bool {
        match self.grouping {
            Grouping::Thousands => digits_left.is_multiple_of(3),
            Grouping::Lakhs => digits_left == 3 || (digits_left > 3 && (digits_left - 3).is_multiple_of(2)),
        }
    }
}
