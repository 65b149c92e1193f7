// A small mapping that a test completes with the event that it is about.
#pragma once

#include <string>

#include "ingest/mapping/mapping.h"

namespace winnow::testing {

// A mapping with the event that a test is about.
inline std::string text_of(const std::string& event) {
  return R"(mapping: shop
title: Shop
domain: network
format: json or tsv
keys: flat
product: {name: Shop}
recognise: {has: [ts]}
absent: ["", "-"]
time: {from: ts, as: seconds}
tables:
  kind: {open: 1, shut: 2}
events:
  - event: flow
    class: network_activity
    set:
      severity_id: =1
)" + event;
}

inline Result<Mapping> compiled(const std::string& text) {
  WINNOW_TRY(const auto yaml, Yaml::parse(text, "shop.yaml"));
  return Mapping::compile(yaml);
}

inline const std::string kSource = "      src_endpoint.ip: source\n      activity_id: =1\n";

}  // namespace winnow::testing
