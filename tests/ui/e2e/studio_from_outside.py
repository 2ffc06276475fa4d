#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the window as a person would: keys and clicks by the X server (xdotool), and what is on the screen by
the accessibility bus (AT-SPI), as a screen reader sees it.

Opens the sample, filters, sets a branch to NVFP4, undoes it, calibrates while histograms are watched, exports, and
sees the result verified. Waits for conditions, never for times.

usage: studio_from_outside.py STUDIO MANTISSA     (on a screen with a window manager and a session bus of their own)
"""
import os
import subprocess
import sys
import tempfile
import time

import pyatspi

DEADLINE = 60.0  # seconds for one condition, on a machine that does other things too


class Failed(Exception):
    pass


def wait_for(what, condition):
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        try:
            found = condition()
        except Exception:  # widgets come and go while they are looked at
            found = None
        if found:
            return found
        time.sleep(0.05)
    raise Failed(f"waited in vain for {what}")


def step(text):
    print(f"{time.monotonic() - STARTED:6.1f} s  {text}", flush=True)


def keys(*names):
    subprocess.run(["xdotool", "key", "--clearmodifiers", *names], check=True)


def walk(node):
    """All that is below, but for the cells of tables, which are thousands."""
    yield node
    if node.getRoleName() in ("tree", "tree table", "table"):
        return
    for child in node:
        if child is not None:
            yield from walk(child)


class Studio:
    def __init__(self, pid):
        self.pid = pid
        self.app = wait_for("the program on the accessibility bus", self._find)

    def _find(self):
        for app in pyatspi.Registry.getDesktop(0):
            if app is not None and app.get_process_id() == self.pid and app.childCount > 0:
                return app
        return None

    def find(self, name, role=None, showing=True):
        """The first accessible of that name, and role where one is named."""
        for node in walk(self.app):
            if node.name == name and (role is None or node.getRoleName() == role):
                if not showing or node.getState().contains(pyatspi.STATE_SHOWING):
                    return node
        return None

    def get(self, name, role=None):
        return wait_for(f"“{name}”", lambda: self.find(name, role))

    def text(self, name, role=None):
        """What a label or field says: fields have text, labels are called “what it is: what it says”."""
        node = self.find(name, role)
        if node is not None:
            try:
                return node.queryText().getText(0, -1)
            except NotImplementedError:
                pass
        for node in walk(self.app):
            if node.name.startswith(name + ": ") and node.getState().contains(pyatspi.STATE_SHOWING):
                return node.name[len(name) + 2:]
        return ""

    def says(self, name, part, role=None):
        return wait_for(f"“{name}” to say “{part}”", lambda: part in self.text(name, role))

    def press(self, name, role=None):
        """Clicks in the middle of it, with the mouse."""
        node = wait_for(f"“{name}” to be enabled", lambda: self._enabled(name, role))
        box = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        subprocess.run(["xdotool", "mousemove", str(box.x + box.width // 2), str(box.y + box.height // 2),
                        "click", "1"], check=True)

    def _enabled(self, name, role):
        node = self.find(name, role)
        return node if node is not None and node.getState().contains(pyatspi.STATE_ENABLED) else None

    def type_into(self, name, text, role=None):
        field = self.get(name, role)
        field.queryEditableText().setTextContents(text)
        wait_for(f"“{name}” to hold the text", lambda: self.text(name, role) == text)

    def search(self, text):
        """Types into the search box; Return leaves it for the tree."""
        keys("ctrl+f")
        wait_for("the focus in the search box",
                 lambda: self.find("Search layers").getState().contains(pyatspi.STATE_FOCUSED))
        keys("BackSpace")
        if text:
            subprocess.run(["xdotool", "type", "--delay", "20", text], check=True)
        wait_for(f"“{text}” in the search box", lambda: self.find("Search layers").queryText().getText(0, -1) == text)
        keys("Return")

    def set_number(self, name, value):
        field = self.get(name, "spin button")
        field.queryValue().currentValue = value
        wait_for(f"“{name}” to be {value}", lambda: field.queryValue().currentValue == value)


def run(studio, mantissa, folder):
    step("opens the sample")
    studio.press("Try the sample", "push button")
    studio.says("Layers found", "layers")

    step("filters")
    everything = wait_for("the number of layers", lambda: studio.text("Layers found"))
    studio.search("attn1 kind:linear")
    studio.says("Layers found", "found")
    studio.search("")
    wait_for("all layers to be back", lambda: studio.text("Layers found") == everything)

    step("sets a branch to NVFP4, and undoes it")
    before = wait_for("a size", lambda: studio.text("Size of the output"))
    keys("Home")  # the search left the focus in the tree
    keys("ctrl+5")
    studio.says("Layers by outcome", "set by hand")
    wait_for("another size", lambda: studio.text("Size of the output") not in ("", before))
    keys("ctrl+z")
    wait_for("the first size again", lambda: studio.text("Size of the output") == before)

    step("calibrates, watching a layer")
    studio.search("attn1.to_q")
    studio.says("Layers found", "found")
    keys("Home")
    for _ in range(12):  # down to the first layer below the branches
        keys("Down")
    keys("alt+5")
    statistics = os.path.join(folder, "sample.statistics.safetensors")
    studio.set_number("How many prompts", 2)
    studio.set_number("Sampling steps a prompt", 6)
    studio.type_into("Statistics file", statistics)
    studio.press("Calibrate", "push button")
    studio.says("What clipping there would do", "Clipping at")
    studio.says("Statistics in use", "In use")
    assert os.path.exists(statistics), "the statistics were not written"

    step("exports, and sees the file verified")
    out = os.path.join(folder, "sample-export.safetensors")
    keys("ctrl+e")
    studio.type_into("Output file", out, "text")
    keys("Return")
    studio.says("Speed, time left and current layer", "Verified")
    assert os.path.exists(out), "the export was not written"

    step("the command line agrees")
    subprocess.run([mantissa, "verify", out, "--against", "resources/sample/tiny-sd.safetensors"], check=True,
                   stdout=subprocess.DEVNULL)


def main():
    studio_path, mantissa = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1", MANTISSA_PORTABLE=folder + "/home",
                           HOME=folder, LC_ALL="C.UTF-8")
        program = subprocess.Popen([studio_path, "--language", "en"], env=environment)
        try:
            seen = Studio(program.pid)
            run(seen, mantissa, folder)
        except Failed as failed:
            print(f"FAILED: {failed}; on the screen were:", flush=True)
            for node in walk(seen.app):
                if ": " in node.name and node.getRoleName() in ("label", "static text"):
                    print("   ", node.name, flush=True)
            return 1
        finally:
            program.terminate()
            try:
                program.wait(20)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
    step("done")
    return 0


STARTED = time.monotonic()
sys.exit(main())
