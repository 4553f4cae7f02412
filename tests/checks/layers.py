#!/usr/bin/env python3
"""Includes only point downwards through the layers of core/, in the order of LAYERS.

sdk stands alone; core mentions no provider by name; compat/ uses core/broker and what is below it; a provider sees nothing but <rcb/…>, its
own folder and the standard library; each third-party library has one layer that may use it.
"""

import re

import repository

# Lowest first: a layer may include itself and those before it.
LAYERS = ["support", "observe", "report", "process", "protocol", "dispatch", "identity", "settings", "trust", "net",
          "kubelet", "node", "cluster", "modules", "testing", "broker", "doctor", "commands", "app"]
# Include prefix → the layers that talk to that library, so that its replacement is the work of few folders. The first that fits counts.
LIBRARIES = {
    "Poco/Version.h": ("commands",),  # macros only
    "openssl/": ("trust", "net"),
    "Poco/": ("settings",),
    "expat.h": ("support",),
    "yaml.h": ("settings",),
    "dlfcn.h": ("modules",),
}
# Layers that know the module contract.
ABI_LAYERS = {"modules", "testing", "commands"}

# The table that names every built-in provider.
BUILTIN = "providers/builtin.cpp"

C_HEADERS = {"assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h",
             "stdlib.h", "string.h", "time.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def is_standard(name):
    return re.fullmatch(r"[a-z_0-9]+", name) is not None or name in C_HEADERS


def layer_of(path):
    """The layer of a path below core/; the files directly in core/ are above all layers."""
    return path[1] if len(path) > 2 else "main"


def core_problem(layer, name):
    """Why a file of this layer may not include `name`, or None."""
    target = name.split("/")
    if target[0] == "core":
        other = layer_of(target)
        if layer == "main" or other == layer:
            return None
        if other not in LAYERS:
            return f"'{name}' belongs to no layer"
        if layer not in LAYERS or LAYERS.index(other) > LAYERS.index(layer):
            return f"layer {layer} may not include layer {other}; move what is shared down, or pass it in as a value"
        return None
    if target[0] == "compat":
        return None if layer == "main" else "core never includes a drop-in; main() hands in the table"
    if target[0] == "providers":
        return None if layer == "main" else "core never includes a provider; main() hands in the table of built-in ones"
    if target[0] == "tests":
        return "the program may not include its tests"
    if target[0] == "rcb":
        allowed = layer in ABI_LAYERS or layer == "main"
        return None if allowed else f"layer {layer} may not know the module contract; only modules, testing and commands do"
    owned = next((prefix for prefix in LIBRARIES if name.startswith(prefix)), None)
    if owned and layer not in LIBRARIES[owned]:
        layers = " and ".join(f"core/{owner}" for owner in LIBRARIES[owned])
        return f"only {layers} may use <{owned.rstrip('/')}…>; call it through a header there"
    return None


def sdk_problem(name):
    if is_standard(name) or name.startswith("rcb/"):
        return None
    return "the SDK stands alone: the standard library and <rcb/…> only"


def provider_problem(path, name):
    """`path`: of the including file, as parts. Files directly in providers/ make the table of built-in modules."""
    if len(path) == 2:
        if is_standard(name) or name.startswith(("rcb/", "providers/", "core/modules/")):
            return None
        return "the table of built-in providers needs core/modules and the providers only"
    own = f"providers/{path[1]}/"
    if is_standard(name) or name.startswith(("rcb/", own)):
        return None
    return f"a provider includes only <rcb/…>, {own} and the standard library; what else it needs, the host lends"


def compat_problem(name):
    if name.startswith("core/"):
        return core_problem("broker", name)
    if is_standard(name) or name.startswith(("compat/", "fmt/")):
        return None
    return "what other plugins read is turned into a broker by core/broker, what is below it, and the standard library"


def provider_names(root):
    table = "".join(text for _, text in repository.lines(root, BUILTIN)) if (root / BUILTIN).exists() else ""
    return re.findall(r'\{"([a-z-]+)", *rcb_builtin_', table)


def named_provider(names, text):
    """The provider that a line of core/ names outside a comment, or None."""
    code = text.split("// ")[0].lower().replace("_", "-")
    return next((name for name in sorted(names) if re.search(rf"(?<![a-z]){name}", code)), None)


def problems(root):
    found = []
    names = provider_names(root)
    for top in ("core", "compat", "providers"):
        for path in repository.files(root, r"\.(c|h|cpp|hpp)$", top):
            for number, text in repository.lines(root, path):
                include = INCLUDE.match(text)
                named = named_provider(names, text) if top == "core" else None
                if named:
                    found.append(f"{path}:{number}: names the provider {named}: core knows none by name")
                if not include:
                    continue
                quoted, name = include[1] == '"', include[2]
                if quoted and not name.startswith(("core/", "compat/", "providers/", "rcb/", "tests/")):
                    why = "write the path from the repository's root, or use angle brackets for a library"
                elif top == "providers":
                    why = provider_problem(path.parts, name)
                elif top == "compat":
                    why = compat_problem(name)
                elif path.parts[1] == "sdk":
                    why = sdk_problem(name)
                else:
                    why = core_problem(layer_of(path.parts), name)
                if why:
                    found.append(f"{path}:{number}: includes '{name}': {why}")
    return found


if __name__ == "__main__":
    repository.main(problems)
