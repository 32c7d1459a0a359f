"""Training a session together with all who watch it."""

import httpx
from fastapi import FastAPI

from tests.server.watching.page import Page
from tests.server.watching.sessions import new_session, playground_of, seen, stands_still, state


async def test_a_training_ends_with_its_last_view_and_done(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as one, Page(app, session_id) as other:
        one.say(type="train", steps=1000)
        for page in (one, other):
            *_, view, done = await page.hear("done", "problem")
            assert (done["step"], done["version"]) == seen(view) == await state(api, session_id)
            assert (done["type"], done["step"], view["training"]) == ("done", 1000, None)


async def test_watching_equals_training(app: FastAPI, api: httpx.AsyncClient, session_id: str) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train", steps=700)
        await page.hear("done")
    other = await new_session(api)
    await api.post(f"/sessions/{other}/train", json={"steps": 700})
    one, two = [(await api.get(f"/sessions/{name}")).json() for name in (session_id, other)]
    assert one["parameters"] == two["parameters"]


async def test_a_training_without_an_end_goes_on_until_another_page_pauses_it_and_a_third_resumes_it(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as one, Page(app, session_id) as other, Page(app, session_id) as third:
        one.say(type="train")
        view = await other.view()
        assert view["training"] == {"until": None, "steps_per_second": None, "is_paused": False}
        other.say(type="pause")
        for page in (one, other, third):
            *_, view, paused = await page.hear("paused")
            assert (paused["step"], paused["version"]) == seen(view) == await state(api, session_id)
            assert view["training"]["is_paused"]
        assert await stands_still(api, session_id)
        third.say(type="resume")
        assert seen(await one.view())[0] > paused["step"]


async def test_what_is_done_during_a_pause_is_where_the_training_goes_on(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train", steps=5000)
        page.say(type="pause")
        *_, paused = await page.hear("paused")
        answer = await api.post(f"/sessions/{session_id}/step", headers={"If-Match": f'"{paused["version"]}"'})
        assert answer.json()["step"] == paused["step"] + 1
        await api.post(f"/sessions/{session_id}/rewind", json={"step": 0})
        page.say(type="resume")
        *_, done = await page.hear("done", "problem")
        # The end stays where it was.
        assert (done["type"], done["step"]) == ("done", 5000)


async def test_a_change_by_request_is_part_of_the_training_that_runs(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train", steps=3000)
        await page.view()
        assert (await api.patch(f"/sessions/{session_id}", json={"l2": 0.25})).status_code == 200
        assert (await api.post(f"/sessions/{session_id}/step")).status_code == 200
        *_, done = await page.hear("done", "problem")
    session = (await api.get(f"/sessions/{session_id}")).json()
    assert (done["type"], done["step"], session["model"]["l2"]) == ("done", 3000, 0.25)


async def test_100_steps_pressed_during_a_slow_training_take_100_more_at_full_speed(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as one, Page(app, session_id) as other:
        one.say(type="train", steps_per_second=0.01)
        first = await one.view()
        assert first["training"] == {"until": None, "steps_per_second": 0.01, "is_paused": False}
        other.say(type="train", steps=100)
        for page in (one, other):
            *_, done = await page.hear("done", "problem")
            assert (done["type"], done["step"]) == ("done", first["session"]["step"] + 100)
        assert await stands_still(api, session_id)


async def test_a_second_training_changes_the_speed_of_the_first(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train")
        page.say(type="train", steps_per_second=0.01)
        while (await page.view())["training"]["steps_per_second"] is None:
            pass
        assert await stands_still(api, session_id)


async def test_pausing_and_resuming_where_nothing_runs_is_answered(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="pause")
        (paused,) = await page.hear("paused")
        assert (paused["step"], paused["version"]) == await state(api, session_id)
        page.say(type="resume")
        (problem,) = await page.hear("problem")
        assert problem["problem"]["code"] == "not_training"


async def test_a_training_goes_on_when_one_page_leaves_and_ends_with_the_last(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as other:
        async with Page(app, session_id) as one:
            one.say(type="train")
            await one.view()
        step, _ = seen(await other.view())
        while seen(await other.view())[0] <= step:
            pass
        assert playground_of(app).trainings.running(session_id) is not None
    assert playground_of(app).trainings.running(session_id) is None
    assert await stands_still(api, session_id)
    # A page that comes later finds no training, not even a paused one.
    async with Page(app, session_id) as late:
        late.say(type="show")
        assert (await late.view())["training"] is None


async def test_a_paused_training_is_forgotten_when_nobody_watches(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train")
        page.say(type="pause")
        await page.hear("paused")
    async with Page(app, session_id) as page:
        page.say(type="resume")
        assert (await page.hear("problem"))[-1]["problem"]["code"] == "not_training"


async def test_who_does_not_read_misses_views_and_no_result_and_slows_nothing(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as reader, Page(app, session_id) as sleeper:
        sleeper.say(type="show")
        await sleeper.view()
        sleeper.reads.clear()
        await api.post(f"/sessions/{session_id}/step")
        await sleeper.held.wait()
        reader.say(type="train", steps=5000)
        await reader.hear("done")
        await api.post(f"/sessions/{session_id}/rewind", json={"step": 3})
        reader.say(type="pause")
        await reader.hear("paused")
        sleeper.reads.set()
        heard = await sleeper.hear("paused")
    kinds = [message["type"] for message in heard]
    # One view was on its way, one shows the newest state.
    assert kinds == ["view", "view", "done", "paused"]
    assert [seen(view)[0] for view in heard[:2]] == [1, 3]


async def test_a_page_that_says_what_it_has_seen_has_no_more_than_three_views_to_look_at(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page, Page(app, session_id) as other:
        page.say(type="show")
        await page.view()
        page.say(type="seen")
        other.say(type="train")
        # The other page, which does not say what it has seen, gets one view after the other.
        while page.heard.qsize() < 3:
            await other.view()
        for _ in range(5):
            await other.view()
        assert page.heard.qsize() == 3
        steps = [seen(await page.view())[0] for _ in range(3)]
        page.say(type="seen")
        newest = seen(await page.view())[0]
        assert sorted({*steps, newest}) == [*steps, newest]
        # What the page waits for, and what it asks for, comes all the same, with the newest state.
        other.say(type="pause")
        *_, view, paused = await page.hear("paused")
        assert seen(view) == (paused["step"], paused["version"])
        page.say(type="show")
        assert seen(await page.view()) == seen(view)


async def test_frames_per_second_limit_the_views_of_a_training_and_not_its_steps(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train", steps=5000, frames_per_second=0)
        heard = await page.hear("done")
        assert len([message for message in heard if message["type"] == "view"]) <= 2
        assert seen(heard[-2])[0] == 5000
        # Other changes are seen at once, as ever.
        await api.post(f"/sessions/{session_id}/step")
        assert seen(await page.view())[0] == 5001
