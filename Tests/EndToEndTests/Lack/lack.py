"""Runs a program as on a machine that refuses some system calls: lack.py CALL=ERRNO[,CALL=ERRNO...] PROGRAM ARGUMENT...

CALL is `landlock`, or `namespaces`: clone(2), clone3(2) and unshare(2) of a user namespace, as the filter that Docker has
by default refuses them.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

ARM = platform.machine() == "aarch64"
LANDLOCK_CREATE_RULESET = 444
CLONE, CLONE3, UNSHARE = (220, 435, 97) if ARM else (56, 435, 272)
CLONE_NEWUSER = 0x10000000
ALLOW = 0x7FFF0000
LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06


def instructions(call, error):
    """Instructions that answer a call by an error and pass on everything else, with the number of the call loaded."""
    refuse = (RETURN, 0, 0, 0x00050000 | getattr(errno, error))
    if call == "landlock":
        return [(EQUAL, 0, 1, LANDLOCK_CREATE_RULESET), refuse]
    if call == "namespaces":
        # The flags are the first argument of both; those of clone3 are where no filter looks.
        return [
            (EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, 0x00050000 | errno.ENOSYS),
            (EQUAL, 1, 0, CLONE), (EQUAL, 0, 4, UNSHARE),
            (LOAD, 0, 0, 16), (ANY_BIT, 0, 1, CLONE_NEWUSER), refuse, (LOAD, 0, 0, 0),
        ]
    sys.exit(f"lack.py: {call} is not known")


def main():
    program = [(LOAD, 0, 0, 0)]
    for item in sys.argv[1].split(","):
        program += instructions(*item.split("="))
    program.append((RETURN, 0, 0, ALLOW))
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("count", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    filter = Program(len(program), ctypes.cast(buffer, ctypes.c_void_p).value)
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, ctypes.addressof(filter), 0, 0) != 0:
        sys.exit(f"lack.py: prctl: {os.strerror(ctypes.get_errno())}")
    os.execv(sys.argv[2], sys.argv[2:])


main()
