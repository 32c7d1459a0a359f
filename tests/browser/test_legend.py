"""The legend names what the drawing shows at the moment."""

from playwright.sync_api import Page, expect

from tests.browser.drawing import go_to, open_page, operations


def test_the_legend_calls_a_bias_new_only_from_its_own_update_on(page: Page) -> None:
    open_page(page, None, {"width": 1440, "height": 900})
    legend = page.locator(".drawing-legend")
    moves = [operation for operation in operations(page) if operation["segment"] == "update"]
    first_bias = next(place for place, move in enumerate(moves) if move["output"].startswith("b"))
    assert first_bias > 0
    for place, move in enumerate(moves):
        go_to(page, move["output"], move["scope"])
        expect(legend).to_contain_text("b: old → new" if place >= first_bias else "bias b")
        expect(legend.get_by_text("new W", exact=True)).to_have_count(int(move["output"].startswith("W")))


def test_the_legend_of_the_mean_names_the_weights_while_they_stand_on_edges(page: Page) -> None:
    open_page(page, None, {"width": 1440, "height": 900})
    means = [operation for operation in operations(page) if operation["segment"] == "average"]
    for mean in means:
        go_to(page, mean["output"], mean["scope"])
        expect(page.locator(".drawing-legend").get_by_text("weight + / −")).to_have_count(int(mean is not means[-1]))
