"""OpenSSL's library over a list of CMS messages, their paths included: seconds for all, and megabytes."""

import ctypes
import ctypes.util
import pathlib
import sys
import time

ANY_PURPOSE = 7
CMS_BINARY = 0x80

name = ctypes.util.find_library("crypto")
if name is None:
    sys.exit("no libcrypto")
crypto = ctypes.CDLL(name)


def function(name, gives, *takes):
    found = getattr(crypto, name)
    found.restype, found.argtypes = gives, takes
    return found


pointer, number = ctypes.c_void_p, ctypes.c_int
new_memory = function("BIO_new_mem_buf", pointer, ctypes.c_char_p, number)
free_memory = function("BIO_free", number, pointer)
read_message = function("d2i_CMS_bio", pointer, pointer, pointer)
free_message = function("CMS_ContentInfo_free", None, pointer)
verify = function("CMS_verify", number, *[pointer] * 5, ctypes.c_uint)
forget_errors = function("ERR_clear_error", None)
read_certificate = function("d2i_X509_bio", pointer, pointer, pointer)
new_store = function("X509_STORE_new", pointer)
trust = function("X509_STORE_add_cert", number, pointer, pointer)
set_parameters = function("X509_STORE_set1_param", number, pointer, pointer)
new_parameters = function("X509_VERIFY_PARAM_new", pointer)
set_time = function("X509_VERIFY_PARAM_set_time", None, pointer, ctypes.c_long)
set_purpose = function("X509_VERIFY_PARAM_set_purpose", number, pointer, number)


def certificate(path):
    octets = pathlib.Path(path).read_bytes()
    return read_certificate(new_memory(octets, len(octets)), None)


def store(moment, *trusted):
    parameters = new_parameters()
    set_time(parameters, moment)
    set_purpose(parameters, ANY_PURPOSE)
    made = new_store()
    set_parameters(made, parameters)
    for one in trusted:
        trust(made, one)
    return made


def is_valid(octets, trusted):
    memory = new_memory(octets, len(octets))
    message = read_message(memory, None)
    found = message is not None and verify(message, None, trusted, None, None, CMS_BINARY) == 1
    free_message(message)
    free_memory(memory)
    return found


files = [pathlib.Path(line) for line in pathlib.Path(sys.argv[1]).read_text().splitlines()]
root, issuing = certificate(sys.argv[2]), certificate(sys.argv[3])
moment = int(sys.argv[4])
# OpenSSL 3.0 builds paths of what is in the store and in the message; they still end at the root.
trusted = store(moment, root, issuing)

# A figure counts only where the same calls refuse: another value, nobody trusted, another century.
first = files[0].read_bytes()
damaged = first[:-1] + bytes([first[-1] ^ 1])
for octets, of_whom in [
    (damaged, trusted),
    (first, store(moment, issuing)),
    (first, store(0, root, issuing)),
]:
    if is_valid(octets, of_whom):
        sys.exit("valid, though it is not")
forget_errors()

began = time.perf_counter()
for file in files:
    if not is_valid(file.read_bytes(), trusted):
        sys.exit(f"not valid: {file}")
took = time.perf_counter() - began
lines = pathlib.Path("/proc/self/status").read_text().splitlines()
peak = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
print(f"{took:.3f}\t{peak * 1.024 / 1e3:.1f}")
