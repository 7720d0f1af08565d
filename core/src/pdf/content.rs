//! What a content stream is made of (ISO 32000-2 §7.8.2): operands, and operators behind them.

use super::lexer::{Lexer, Token};
use std::sync::Arc;

/// A part of a content stream.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part<'a> {
    Number(f64),
    String(Arc<[u8]>),
    Operator(&'a [u8]),
    /// Another operand, or a piece of one.
    Other,
    /// What cannot be read; nothing follows.
    Unreadable,
}

/// The parts of a content stream, without the data of pictures in it.
pub(crate) fn parts(content: &[u8]) -> impl Iterator<Item = Part<'_>> {
    let mut lexer = Some(Lexer::new(content, 0, true));
    std::iter::from_fn(move || {
        let own = lexer.as_mut()?;
        own.skip_space();
        if own.rest().is_empty() {
            return None;
        }
        Some(match own.token() {
            Ok(Token::Integer(whole)) => match i32::try_from(whole) {
                Ok(whole) => Part::Number(f64::from(whole)),
                Err(_) => Part::Number(f64::INFINITY),
            },
            Ok(Token::Real(real)) => Part::Number(real),
            Ok(Token::String(string)) => Part::String(string.octets),
            Ok(Token::Keyword(b"true" | b"false" | b"null")) => Part::Other,
            Ok(Token::Keyword(operator)) => Part::Operator(operator),
            Ok(_) => Part::Other,
            Err(_) => {
                lexer = None;
                Part::Unreadable
            }
        })
    })
}
