"""A browser whose requests are carried out at once and answered late, as on a slow line."""

from __future__ import annotations

from playwright.sync_api import APIResponse, Page, Route


class Late:
    """Requests that the server has carried out, and whose answers have not come yet."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.page, self.kept, self.over = page, list[tuple[Route, APIResponse]](), False
        page.route(pattern, self._keep)

    def _keep(self, route: Route) -> None:
        response = route.fetch()
        if self.over:
            route.fulfill(response=response)
        else:
            self.kept.append((route, response))

    def wait(self) -> None:
        while not self.kept:
            self.page.wait_for_timeout(20)

    def answer(self) -> None:
        self.over = True
        for route, response in self.kept:
            route.fulfill(response=response)
