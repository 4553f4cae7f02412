/* What the fixture modules have in common: a table that is right in every point that a fixture does not change. */
#pragma once

#include <rcb/provider_abi.h>

#include <string.h>

/* A fixture must be looked at again when the contract changes. */
#if RCB_ABI_MAJOR != 1
#error "these fixtures are for version 1 of the contract"
#endif

static inline rcb_text text(const char *literal) {
  rcb_text view = {literal, strlen(literal)};
  return view;
}

static inline rcb_status emit_once(const rcb_host *host) {
  rcb_credential credential = {sizeof credential, {NULL, 0}, {NULL, 0}, RCB_EXPIRES_NEVER, RCB_SCOPE_REGISTRY, 0};
  credential.username = text("user");
  credential.password = text("password");
  return host->emit(host->context, &credential);
}

static inline rcb_provider fixture_table(const char *name,
                                         rcb_status (*provide)(const rcb_host *, const rcb_request *)) {
  rcb_provider table;
  memset(&table, 0, sizeof table);
  table.size = sizeof table;
  table.name = text(name);
  table.version = text("1.0.0");
  table.summary = text("A fixture.");
  table.provide = provide;
  return table;
}

/* Defines the entry function: a module called `name` that does `provide`, its table changed by `change`. */
#define FIXTURE(name, provide, change)                                   \
  const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host) { \
    static rcb_provider table;                                           \
    (void)host;                                                          \
    table = fixture_table((name), (provide));                            \
    change;                                                              \
    return &table;                                                       \
  }
