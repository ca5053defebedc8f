"""The application: themes, keys that work everywhere, signals, the main screen. No pane's behaviour is here."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import ClassVar

from msgspec.structs import replace
from rich.console import RenderableType
from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.geometry import Size
from textual.screen import Screen

from gatewaytui.domain.problem import Problem
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.storage.settings import Settings

from . import styles, themes
from .commands import GLOBAL, bindings_for
from .messages import KeyRead, PaneWanted, ProfilesChanged, RunRecorded, WalkthroughWanted
from .once import once
from .screens.main import MainScreen
from .services import FLUSHED_S, Services

_ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP")  # Textual dies on these and leaves the terminal broken
_SIGNALLED = 128
_GRACE_S = 5.0
_SETTLED_S = 0.1


def _nothing() -> None:
    """Nothing to do once painted."""


class GatewayApp(App[int], inherit_bindings=False, inherit_css=False):
    """The console on these services. ``painted`` is called once, after the first paint.

    Textual's own styles of an app are not inherited: most are for widgets that are not here, and reading them delays
    the first paint. What is needed of them stands in the sheets.
    """

    TITLE = "gatewaytui"
    ENABLE_COMMAND_PALETTE = False  # the palette is a command of our own table, so that its key can be mapped
    HORIZONTAL_BREAKPOINTS = list(styles.WIDTHS)  # noqa: RUF012  (the type Textual gives it)
    VERTICAL_BREAKPOINTS = list(styles.HEIGHTS)  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for(GLOBAL),
        Binding("ctrl+c", "help_quit", show=False, system=True),
        # Before the field in front sees the next key: typed ahead, a key would go into the field that was left.
        Binding("tab", "focus_next", show=False, priority=True),
        Binding("shift+tab", "focus_previous", show=False, priority=True),
    ]
    _theme_is_chosen = False

    def __init__(self, services: Services, painted: Callable[[], None] = _nothing) -> None:
        super().__init__()
        self._theme_is_chosen = True
        self.services = services
        self._painted = painted
        self._loop: asyncio.AbstractEventLoop | None = None
        self._signal = 0
        self.asked_code: int | None = None
        self._settings = _settings(services)
        self.keymap = self._settings.keymap
        self._main = MainScreen(services, self._settings)
        for theme in (themes.DARK, themes.LIGHT):
            self.register_theme(theme)
        wanted = self._settings.theme
        self.theme = wanted if wanted in self.available_themes else themes.DARK.name
        self.set_keymap(dict(self.keymap))

    def get_default_screen(self) -> Screen[None]:
        """The main screen, in its styles and the classes of this width and height, so that it is painted once.

        The styles are not CSS_PATH, which is parsed twice before a paint.
        """
        styles.begin(self)
        for size, steps in zip(self.size, (styles.WIDTHS, styles.HEIGHTS), strict=True):
            self._main.add_class(max((least, name) for least, name in steps if least <= size)[1], update=False)
        return self._main

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme; Textual asks first before one is chosen, for nothing."""
        return super().get_css_variables() if self._theme_is_chosen else {}

    def refresh_css(self, animate: bool = True) -> None:
        """Paint in other colours; before there is a screen it is enough to know them."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        """The engine starts after the first paint. A signal that came before this ends the console now."""
        self._loop = asyncio.get_running_loop()
        if self._signal:
            self._end()
        self.call_after_refresh(lambda: once(self, FLUSHED_S, self._after_paint))

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave: what still runs is stopped first, so that nothing paints on a screen that is being taken down.

        The code is kept in ``asked_code``: what is half mounted then may fail, and Textual takes that for its end.
        """
        self.asked_code = return_code
        self.workers.cancel_all()
        super().exit(result, return_code, message)

    async def on_unmount(self) -> None:
        """Let go of the engine's process and its sockets."""
        await self.services.engine.close()

    def on_resize(self) -> None:
        """See that the new size is laid out: where the machine is busy Textual may lose it, and all that follow.

        It lays out by a one-shot timer (see `once`), and a signal within a signal hands it an older size last.
        """
        once(self, _SETTLED_S, self._fit)

    def on_run_recorded(self, message: RunRecorded) -> None:
        """A run of a screen over the main one: it is kept like any other."""
        self._main.post_message(RunRecorded(message.run))

    def on_key_read(self, message: KeyRead) -> None:
        """A key given on a screen over the main one."""
        self._main.post_message(KeyRead(message.profile, message.group, message.tail))

    def on_profiles_changed(self) -> None:
        """A profile saved on a screen over the main one."""
        self._main.post_message(ProfilesChanged())

    def action_help(self) -> None:
        """Explain what is in front."""
        from .screens.help import Explained, HelpScreen

        if isinstance(self.screen, Explained):
            self.push_screen(HelpScreen(*self.screen.help_subject, self.keymap))

    def action_palette(self) -> None:
        """Every command, found by typing."""
        from textual.command import CommandPalette

        from .screens.help import Explained
        from .screens.palette import CommandProvider

        if isinstance(self.screen, Explained):
            self.push_screen(CommandPalette([CommandProvider], placeholder="a command"))

    def action_jump(self) -> None:
        """Go to a pane by its key."""
        from .screens.jump import JumpScreen

        if self.screen is self._main:
            self.push_screen(JumpScreen(), self._jump)

    def action_zoom(self) -> None:
        """Give the pane the whole screen, or not."""
        if self.screen is self._main:
            self._main.action_zoom()

    def action_walkthrough(self) -> None:
        """Open the walkthrough."""
        if self.screen is self._main:
            self._main.post_message(WalkthroughWanted())

    def action_theme(self) -> None:
        """The next theme, kept for the next start."""
        self.theme = themes.after(self.theme)

        def change() -> None:
            with contextlib.suppress(Problem):  # another look next time is no reason to interrupt anybody
                self.services.settings.change(lambda settings: replace(settings, theme=self.theme))

        self.run_worker(off_loop(change))

    def _jump(self, pane: str | None) -> None:
        if pane:
            self._main.post_message(PaneWanted(pane))

    def _after_paint(self) -> None:
        styles.complete(self)
        self._painted()
        self.run_worker(self._warm_up())

    async def _warm_up(self) -> None:
        await self.services.warm_up()

    def _fit(self) -> None:
        own_window = not (self.is_headless or self.is_web)
        size = Size(*shutil.get_terminal_size()) if own_window else self.size
        if size != self.size:
            self.post_message(Resize(size, size))
        elif size != self.screen.outer_size:
            self.screen.post_message(Resize(size, size))

    def heed_signals(self) -> None:
        """End properly on a signal, and for certain: where the screen's writer hangs on a terminal that is gone.

        To be called before the app runs: an exception of the default handlers, anywhere in its start, is taken for
        its own error. Plain handlers run even between two tries of a blocked write; the loop's own would wait for
        ever.
        """
        for name in _ENDINGS:
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None:
                signal.signal(number, self._signalled)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._signal = number
        last_resort = threading.Timer(_GRACE_S, os._exit, (_SIGNALLED + number,))
        last_resort.daemon = True
        last_resort.start()
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop ended already
                self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self.exit(return_code=_SIGNALLED + self._signal)


def _settings(services: Services) -> Settings:
    """What is remembered; nothing where it cannot be read (the Profiles pane says what is wrong with files)."""
    try:
        return services.settings.load()
    except Problem:
        return Settings()
