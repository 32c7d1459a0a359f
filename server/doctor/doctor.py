"""What is wrong with my backward pass? Run this where your own code is:

    python doctor.py net.py:gradients        in a terminal; python doctor.py --help lists what can be chosen
    import doctor; doctor.check(gradients)   in a notebook

It calls your gradients(x, y, parameters) on a few small cases and sends the numbers that come back, never your code,
to the playground, which knows what each of many well-known mistakes gives. It needs the standard library alone.
"""

import argparse, ctypes, functools, inspect, json, os, re, sys, threading, traceback, types, urllib.request

SERVER = "http://127.0.0.1:8000"
L2 = ("l2", "lambda", "lambd", "lamda", "lam", "lmbda", "reg", "l2_lambda", "reg_lambda", "weight_decay")
TEMPLATE = '''# Put calls of your own code into these two functions, then run the doctor on this file.
import numpy as np  # without this line, x, y and the parameters are lists
# from net import forward_prop, backward_prop    # your own net.py, beside this file
# Rows: x (samples, inputs), W1 (inputs, units), b1 (units,). Columns: x (inputs, samples), W1 (units, inputs),
# b1 (units, 1). y has the class of each sample; as one-hot rows it is np.eye(len(parameters["b2"]))[y].
def forward(x, y, parameters):
    return None  # if your backward pass needs a cache: return forward_prop(x, parameters)
def backward(x, y, cache, parameters):  # with one more argument, l2, if your code knows L2
    # A class: net = Net(); net.W1 = parameters["W1"]; ...; net.backward(x, y); return {"dW1": net.dW1, ...}
    raise NotImplementedError("write: return backward_prop(x, y, cache, parameters)")
'''

class Problem(Exception):
    """Why there is no diagnosis, as a sentence."""

def check(function, layout="rows", reduction="mean", model=None, forward=None, server=SERVER, timeout=30):
    """In a notebook: say what is wrong, answer whether all is right. forward(x, y, parameters) may make a cache."""
    answers_to = functools.partial(answers_in_time, timeout, lambda: (function, forward))
    try:
        return consult(answers_to, functools.partial(ask_server, server), layout, reduction, model) == 0
    except Problem as problem:
        print(problem)
        return False

def consult(answers_to, ask, layout, reduction, model):
    """Fetch cases, have the learner's code answer them, print the diagnosis. 0: all is right, 1: something is not."""
    asked = ask("diagnose/cases", {"model": model, "conventions": {"layout": layout, "reduction": reduction}})
    answers, troubles = answers_to(asked["cases"])
    if all(answer["raised"] for answer in answers):
        raise Problem(answers[0]["raised"])
    told = ask("diagnose", {**asked, "cases": answers})
    print(f"Verdict: {told['verdict']} {', or '.join(' with '.join(ids) for ids in told['alternatives'])}".rstrip())
    for found in told["mistakes"] + told["candidates"]:
        places = [*found["where"], *(f"{name} = {value:.4g}" for name, value in found["numbers"].items())]
        print(f"\n{found['title']} ({', '.join(places)})\n  {found['explanation']}")
        print(f"  wrong: {found['wrong_line']}\n  right: {found['right_line']}")
    print(f"\n{told['pattern']['explanation']}\n" if told["pattern"] else "")
    for case in told["cases"]:
        print(f"  {case['name']}:", ", ".join(f"{name} {each['status']}" for name, each in case["tensors"].items()))
    print("", *troubles, *(f"No mistake: {alarm['explanation']}" for alarm in told["false_alarms"]), sep="\n")
    print("" if len(answers) == len(asked["cases"]) else "L2 was not looked at: your function has no argument l2.")
    if told["verdict"] != "correct" or troubles:
        return 1
    print("All your gradients are right. If it still does not learn, look at what gradients cannot show:")
    print("the activation of the forward pass, output with loss, initial weights, rate.")
    return 0

def ask_server(server, path, question):
    text = json.dumps(json.loads(json.dumps(question), parse_constant=str))  # Infinity as "Infinity"
    try:
        request = urllib.request.Request(f"{server}/api/v1/{path}", text.encode(), {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request, timeout=60))
    except Exception as error:
        if hasattr(error, "read") and error.headers["Content-Type"] == "application/problem+json":
            raise Problem(json.load(error)["detail"]) from None
        raise Problem(f"No playground answers at {server} ({error}). Start one, or name it with --server.") from None

def answers_in_time(timeout, load, cases):
    """What `answers_of` gives, or a Problem when there is nothing to call or it takes too long."""
    found = []
    thread = threading.Thread(target=lambda: found.append(answers_of(load, cases)), daemon=True)
    thread.start()
    thread.join(timeout)
    if not found:
        place = where(traceback.extract_stack(sys._current_frames().get(thread.ident)))
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
        raise Problem(f"Your code was stopped after {timeout:g} s{place}. Code that trains a network belongs below\n"
                      'the line if __name__ == "__main__":. For code that is only slow, give a longer timeout.')
    if isinstance(found[0], str):
        raise Problem(found[0])
    return found[0]

def answers_of(load, cases):
    """The answers of a loaded function, and what else is wrong with it; or a sentence, if it cannot be called."""
    try:
        function, forward = load()
        names = inspect.signature(function).parameters
        l2 = next((name for name in names if name.strip("_").lower() in L2), None)
        needed = [name for name, each in names.items() if each.default is each.empty and each.kind < 2 and name != l2]
        if len(needed) > 3 + bool(forward):
            raise Problem(f"Your function takes {', '.join(needed)}, not x, y, parameters. Call it from a --template.")
        answers, troubles = [{**case, "raised": None} for case in cases if l2 or not case["l2"]], []
        for answer in answers * 2:  # each once, in order, since a call may remember the one before; then each again
            try:
                results, after, changed = call(function, forward, l2, answer)
                first = answer.setdefault("results", results)
                answer.setdefault("inputs_after", after)
                again = [name for name in first if near(first[name]) != near(results.get(name))]
                troubles += [f"A call changes {name}, which is not its own." for name in changed]
                troubles += [f"A second call with the same inputs gives another {name}." for name in again]
            except Exception as error:
                answer.update({} if "results" in answer else {"raised": explain(error)})
                troubles.append(f"In the case {answer['name']}: {explain(error)}")
        return answers, list(dict.fromkeys(troubles))
    except BaseException as error:
        return explain(error)

def call(function, forward, l2, case):
    """Numbers that one call gives, its inputs after it, and the names of those that it changed."""
    numpy = sys.modules.get("numpy")  # there if the learner's code uses it
    given = [case["batch"]["x"], case["batch"]["y"], *case["parameters"].values()]
    x, y, *values = [numpy.array(value) if numpy else json.loads(json.dumps(value)) for value in given]
    parameters = dict(zip(case["parameters"], values))
    cache = [forward(x, y, parameters)] if forward else []
    before = plain({"x": x, "y": y, "the cache": cache, **parameters})
    results = plain(function(x, y, *cache, parameters, **({l2: case["l2"]} if l2 else {})))
    after = plain({"x": x, "y": y, "the cache": cache, **parameters})
    loss, names = {}, ["d" + name for name in case["parameters"]]
    if isinstance(results, list) and len(results) == 2 and isinstance(results[0], float):
        loss, results = {"loss": results[0]}, results[1]
    if isinstance(results, list) and len(results) == len(names):
        results = dict(zip(names, results))
    found = {**loss, **results} if isinstance(results, dict) else {}
    numbers = {name: value for name, value in found.items() if "null" not in json.dumps(value)}
    if not numbers:
        raise Problem(f"Your code must return a dict of gradients, (loss, gradients), or {', '.join(names)} in order.")
    inputs_after = {"parameters": {name: after.get(name) for name in case["parameters"]}, "x": after["x"]}
    return numbers, inputs_after, [name for name in before if before[name] != after.get(name)]

def plain(value):
    """Arrays, tables, tuples and dicts as lists and dicts of numbers with all their digits; None for other things."""
    for conversion in ("to_numpy", "tolist"):
        value = getattr(value, conversion)() if hasattr(value, conversion) else value
    if isinstance(value, dict):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return None if not hasattr(value, "__float__") else float(value) if value == value else "NaN"

def near(value):  # equal for results that differ by rounding alone
    return json.loads(json.dumps(value), parse_float=lambda text: round(float(text), 9))

def where(stack):
    """The innermost line of a stack that is the learner's."""
    others = (__file__, os.path.dirname(os.__file__), "<frozen", "<__array")
    lines = [f for f in stack if not f.filename.startswith(others) and "-packages" not in f.filename]
    return "".join(f" in line {f.lineno} of {os.path.basename(f.filename)} ({f.line})" for f in lines[-1:])

def explain(error):
    """An error as a sentence with the learner's line, and without a traceback of ours."""
    stack = traceback.extract_tb(error.__traceback__)
    if isinstance(error, SyntaxError) and error.filename:
        stack = [traceback.FrameSummary(error.filename, error.lineno, "")]
    what = {EOFError: "it waits for somebody to type.", SystemExit: "it ends the program."}.get(type(error))
    what = what or traceback.format_exception_only(type(error), error)[-1].strip()[:500]
    return str(error) if isinstance(error, Problem) else f"Your code stopped{where(stack)}: {what}"

def loaded(file, name):
    """The function of a file, and the forward pass that makes its cache, if it takes one."""
    module = types.ModuleType(os.path.splitext(os.path.basename(file))[0])
    module.__file__, sys.modules[module.__name__] = file, module
    sys.path.insert(0, os.path.dirname(file))
    with open(file, "rb") as source:
        exec(compile(source.read(), file, "exec", dont_inherit=True), vars(module))
    functions = [key for key, value in vars(module).items() if inspect.isfunction(value)]
    name = name or ("backward" if "backward" in functions else "gradients")
    if name not in functions:
        raise Problem(f"{file} has no function {name}. Name another one: {', '.join(functions) or 'it has none'}.")
    takes_cache = "cache" in inspect.signature(vars(module)[name]).parameters
    return vars(module)[name], vars(module).get("forward") if takes_cache else None

def main(arguments=None, ask=None, answers_in_time=answers_in_time):
    parser = argparse.ArgumentParser("backprop-playground doctor" if ask else None, description=__doc__[:36])
    parser.add_argument("file", metavar="FILE[:FUNCTION]", help="FUNCTION(x, y, parameters) gives gradients")
    parser.add_argument("--template", action="store_true", help="write FILE, to put calls of your own code into")
    parser.add_argument("--layout", choices=("rows", "columns"), default="rows", help="rows: x is (samples, inputs)")
    parser.add_argument("--reduction", choices=("mean", "sum"), default="mean", help="of the loss over the samples")
    parser.add_argument("--model", type=json.loads, help="JSON as in the API (default: 4-5-3 with ReLU and softmax)")
    parser.add_argument("--timeout", type=float, default=30, help="seconds")
    parser.add_argument("--server", default=None if ask else SERVER, help="address of the playground")
    given = parser.parse_args(arguments)
    file, name = re.fullmatch(r"(.+?\.py|.+?)(?::(\w+))?", os.path.abspath(given.file)).groups()
    try:
        with open(file, "x" if given.template else "r", encoding="utf-8") as opened:
            if given.template:
                return 0 * opened.write(TEMPLATE)
        load = functools.partial(loaded, os.path.abspath(file), name)
        ask = functools.partial(ask_server, given.server) if given.server else ask
        answers_to = functools.partial(answers_in_time, given.timeout, load)
        return consult(answers_to, ask, given.layout, given.reduction, given.model)
    except (OSError, Problem) as error:
        print(error if isinstance(error, Problem) else f"{error.filename}: {error.strerror}.")
        return 2

if __name__ == "__main__":
    sys.stdin = open(os.devnull)
    sys.exit(main())
