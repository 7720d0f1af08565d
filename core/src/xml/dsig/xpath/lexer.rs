//! Tokens of XPath 1.0, as far as signatures use them.

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name in two parts; the prefix may be empty, the local part may be `*`.
    Name(&'a str, &'a str),
    /// A quoted string.
    Literal(&'a str),
    /// A whole number.
    Number(u32),
    /// Anything else: punctuation of one or two characters.
    Sign(&'a str),
}

/// Longest expression that is read. Those seen in practice have less than 400 octets.
const LONGEST: usize = 4096;

/// None where a character does not belong to any token.
pub(super) fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    if text.len() > LONGEST {
        return None;
    }
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => {
                let (literal, _) = rest.get(1..)?.split_once(first)?;
                tokens.push(Token::Literal(literal));
                literal.len() + 2
            }
            '0'..='9' => {
                let digits = run(rest, |c| c.is_ascii_digit());
                tokens.push(Token::Number(digits.parse().ok()?));
                digits.len()
            }
            c if is_name_start(c) => {
                let (prefix, local, length) = name(rest)?;
                tokens.push(Token::Name(prefix, local));
                length
            }
            '*' => {
                tokens.push(Token::Name("", "*"));
                1
            }
            _ => {
                let sign = ["::", "//", "..", "!=", "<=", ">="]
                    .into_iter()
                    .chain(["/", "(", ")", "[", "]", "@", "|", "=", "<", ">", ",", "."])
                    .find(|sign| rest.starts_with(sign))?;
                tokens.push(Token::Sign(sign));
                sign.len()
            }
        };
        rest = rest.get(length..)?.trim_start();
    }
    Some(tokens)
}

/// A name, with its prefix if a single colon follows. `axis::` stays a name and a sign.
fn name(text: &str) -> Option<(&str, &str, usize)> {
    let first = run(text, is_name);
    let behind = text.get(first.len()..)?;
    let Some(behind) = behind
        .strip_prefix(':')
        .filter(|rest| !rest.starts_with(':'))
    else {
        return Some(("", first, first.len()));
    };
    if behind.starts_with('*') {
        return Some((first, "*", first.len() + 2));
    }
    let local = run(behind, is_name);
    if !local.starts_with(is_name_start) {
        return None;
    }
    Some((first, local, first.len() + 1 + local.len()))
}

fn run(text: &str, holds: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !holds(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name(c: char) -> bool {
    is_name_start(c) || c.is_numeric() || matches!(c, '-' | '.' | '\u{b7}')
}
