//! The user's PIN.

use zeroize::Zeroizing;

/// A PIN. Wiped when dropped; cannot be copied, compared or shown.
pub struct UserPin(Zeroizing<String>);

impl UserPin {
    /// Takes a PIN. The caller wipes what it still holds of it.
    #[must_use]
    pub fn new(pin: String) -> Self {
        Self(Zeroizing::new(pin))
    }

    /// Characters, for the token's limits.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn for_cryptoki(&self) -> cryptoki::types::AuthPin {
        // Wiped by its own type.
        cryptoki::types::AuthPin::from(self.0.as_str())
    }
}

impl std::fmt::Debug for UserPin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserPin(…)")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_pin_does_not_show_itself() {
        let pin = super::UserPin::new("123456".to_owned());
        assert_eq!(format!("{pin:?}"), "UserPin(…)");
    }
}
