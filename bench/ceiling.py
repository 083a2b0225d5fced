"""What no S3 server of this kind can beat here: ``python -m bench.ceiling PORT FOLDER``.

A PUT is read and its MD5 computed, as the entity tag wants it, one piece after the other; the bytes
go into a file that nobody syncs. A GET is one sendfile. Nothing is verified, parsed or remembered.
"""

import hashlib
import socket
import sys
from pathlib import Path

PIECE = 1024 * 1024


def main() -> None:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    with socket.create_server(("127.0.0.1", port)) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                answer(connection, folder / "content")


def answer(connection: socket.socket, path: Path) -> None:
    """One request a connection."""
    head, _, begun = connection.recv(65_536).partition(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    if lines[0].startswith("put"):
        length = next(line for line in lines if line.startswith("content-length:"))
        etag = take(connection, path, begun, int(length.partition(":")[2]))
        told = f"HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        connection.sendall(told.encode())
        return
    with path.open("rb") as file:
        size = path.stat().st_size
        told = f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
        connection.sendall(told.encode())
        connection.sendfile(file)


def take(connection: socket.socket, path: Path, begun: bytes, length: int) -> str:
    """Read a body; its MD5 in hexadecimal."""
    digest, piece = hashlib.md5(begun, usedforsecurity=False), memoryview(bytearray(PIECE))
    left = length - len(begun)
    with path.open("wb", buffering=0) as file:
        file.write(begun)
        while left and (count := connection.recv_into(piece)):
            digest.update(piece[:count])
            file.write(piece[:count])
            left -= count
    return digest.hexdigest()


if __name__ == "__main__":
    main()
