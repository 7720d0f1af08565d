//! Two calls that `cryptoki` does not offer: `C_Initialize` without arguments, and `C_Sign` in one
//! part after a login in between. All the hand-written `unsafe` of the workspace.
#![expect(
    unsafe_code,
    reason = "cryptoki 0.12 has no single-part C_Sign apart from C_SignInit, and no \
              C_Initialize(NULL)"
)]

use crate::error::Error;
use cryptoki::context::Function;
use cryptoki_sys::{CK_BYTE, CK_FUNCTION_LIST, CK_RV, CK_SESSION_HANDLE, CK_ULONG};
use cryptoki_sys::{CKR_BUFFER_TOO_SMALL, CKR_CRYPTOKI_ALREADY_INITIALIZED, CKR_OK};
use std::path::Path;
use std::ptr;

/// The same loaded library once more: the loader counts, and the module's state is shared.
pub(crate) struct Raw {
    // Keeps the library loaded, and with it every function pointer of the list.
    _library: cryptoki_sys::Pkcs11,
    functions: CK_FUNCTION_LIST,
}

impl Raw {
    /// Opens the library at `path`.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        // SAFETY: loading runs the initialisers of the library. The user named this file as the
        // module to trust with a card, and cryptoki has just loaded it.
        let library = unsafe { cryptoki_sys::Pkcs11::new(path) }
            .map_err(|error| Error::from(cryptoki::error::Error::LibraryLoading(error)))?;
        let Ok(get_function_list) = library.C_GetFunctionList.as_ref() else {
            return Err(cryptoki::error::Error::MissingSymbol("C_GetFunctionList").into());
        };
        let mut list: *mut CK_FUNCTION_LIST = ptr::null_mut();
        // SAFETY: PKCS #11 §5.4: the one function that may be called before C_Initialize; the
        // argument points to a pointer of ours that outlives the call.
        let value = unsafe { get_function_list(&raw mut list) };
        if value != CKR_OK || list.is_null() {
            return Err(Error::from_return_value(value, Function::GetFunctionList));
        }
        // SAFETY: PKCS #11 §5.4: on CKR_OK the pointer leads to the module's function list, which
        // lives as long as the library. It is copied out, aligned or not.
        let functions = unsafe { ptr::read_unaligned(list) };
        Ok(Self {
            _library: library,
            functions,
        })
    }

    /// `C_Initialize(NULL)`: for modules that refuse arguments. The program must then not call the
    /// module from two threads at once, which [`crate::Module`] takes care of.
    pub(crate) fn initialize(&self) -> Result<(), Error> {
        let function = self.functions.C_Initialize;
        let function = function.ok_or_else(|| missing(Function::Initialize))?;
        // SAFETY: PKCS #11 §5.4: NULL is a valid argument.
        match unsafe { function(ptr::null_mut()) } {
            CKR_OK | CKR_CRYPTOKI_ALREADY_INITIALIZED => Ok(()),
            value => Err(Error::from_return_value(value, Function::Initialize)),
        }
    }

    /// `C_Sign` for the operation that `C_SignInit` began in this session.
    pub(crate) fn sign(&self, session: CK_SESSION_HANDLE, data: &[u8]) -> Result<Vec<u8>, Error> {
        // RSA with 8192 bits gives 1024 octets; more is asked for.
        let mut value: Vec<CK_BYTE> = vec![0; 1024];
        let mut returned = self.sign_into(session, data, &mut value)?;
        if returned.0 == CKR_BUFFER_TOO_SMALL && returned.1 <= 1 << 16 {
            // PKCS #11 §5.2: the operation stays active and the length is told.
            value = vec![0; returned.1];
            returned = self.sign_into(session, data, &mut value)?;
        }
        match returned {
            (CKR_OK, length) if length <= value.len() => {
                value.truncate(length);
                Ok(value)
            }
            (value, _) => Err(Error::from_return_value(value, Function::Sign)),
        }
    }

    fn sign_into(
        &self,
        session: CK_SESSION_HANDLE,
        data: &[u8],
        value: &mut [CK_BYTE],
    ) -> Result<(CK_RV, usize), Error> {
        let function = self
            .functions
            .C_Sign
            .ok_or_else(|| missing(Function::Sign))?;
        let too_long = |_| missing(Function::Sign);
        let data_length = CK_ULONG::try_from(data.len()).map_err(too_long)?;
        let mut length = CK_ULONG::try_from(value.len()).map_err(too_long)?;
        // SAFETY: PKCS #11 §5.13: the module reads `data_length` octets of `data`, which it does
        // not change (the parameter is not const by an oversight of the standard), and writes no
        // more than `length` octets to `value`; both slices outlive the call.
        let returned = unsafe {
            function(
                session,
                data.as_ptr().cast_mut(),
                data_length,
                value.as_mut_ptr(),
                &raw mut length,
            )
        };
        Ok((returned, usize::try_from(length).unwrap_or(usize::MAX)))
    }
}

fn missing(function: Function) -> Error {
    Error::from_return_value(cryptoki_sys::CKR_FUNCTION_NOT_SUPPORTED, function)
}
