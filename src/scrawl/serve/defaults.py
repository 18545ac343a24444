"""What `scrawl serve` goes by where nothing else is said.

Plain numbers apart from ``settings``, so that ``--help`` can print them where the packages of the
service are not installed.
"""

HOST = "127.0.0.1"
PORT = 8000
WORKERS = 1
DEVICE = "cpu"
THREADS = 1  # with two, a call takes a third more of the processor's time in all
READERS = 1  # a second one would take, of two cores, the one that drawings are read on
RESCAN = 5.0
COLLECTED = 10_000
BODY = 16 * 2**20
BUFFERED = 256 * 2**20
PIXELS = 50_000_000
PICTURES = 32
DIGITS = 1024
QUEUE = 128
HELD = 200_000_000  # 16 photos of 12 megapixels
SECONDS = 30.0
BODY_SECONDS = 10.0
HEAD_SECONDS = 10.0
KEEP = 3600.0
JOB_PAGES = 1000
JOB_QUEUE = 10_000  # one that waits costs its bytes, which have a limit of their own, and a row
