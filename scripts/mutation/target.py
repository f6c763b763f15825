"""What is to be mutated, by its name, and which test programs are its own."""

import re
from dataclasses import dataclass

from processes import MutationError
from tree import ROOT

# The test programs of a room whose name is not ROOM_test alone.
TEST_PROGRAMS = {"render": ("render_test", "render_program_test")}


@dataclass(frozen=True)
class Target:
    """What is to be mutated: files of one room, relative to the root."""
    name: str
    room: str  # the outermost folder of src/
    files: tuple

    def test_programs(self):
        return TEST_PROGRAMS.get(self.room, (f"{self.room}_test",))


def public_headers():
    """{header, relative to the root: its room}, by the table of the rooms."""
    rows = re.findall(r"^(\w+\.h) *= *(\S+)", (ROOT / "src/rooms.txt").read_text(), re.MULTILINE)
    return {f"include/imageserver/{header}": room for header, room in rows}


def find_target(name):
    """The file or the room of the name, with the rooms in it."""
    path = (ROOT / name).resolve()
    if path.is_file():
        return file_target(path)
    folder = ROOT / "src" / name
    if not folder.is_dir():
        rooms = ", ".join(sorted(path.name for path in (ROOT / "src").iterdir() if path.is_dir()))
        raise MutationError(f"{name} is neither a file nor a room: {rooms}, or a room in one of them")
    room = str(folder.relative_to(ROOT / "src"))
    files = [str(path.relative_to(ROOT)) for path in folder.rglob("*") if path.suffix in (".cc", ".h")]
    files += [header for header, owner in public_headers().items() if owner == room]
    return Target(room, room.partition("/")[0], tuple(sorted(files)))


def file_target(path):
    name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
    if name in public_headers():
        room = public_headers()[name]
    elif name == "src/render_main.cc":
        room = "render"
    elif name.startswith("src/") and name.count("/") > 1 and path.suffix in (".cc", ".h"):
        room = name.removeprefix("src/")
    else:
        raise MutationError(f"no unit test runs {name}: it is no source of a room")
    return Target(name, room.partition("/")[0], (name,))
