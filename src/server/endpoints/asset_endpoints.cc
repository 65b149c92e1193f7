#include "server/endpoints/asset_endpoints.h"

#include <fmt/format.h>

#include "pipeline/asset_import.h"
#include "server/entity_tag.h"
#include "server/json_body.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

std::string tag_of(const KnownAssets& known) { return fmt::format("\"{}\"", known.digest.hex()); }

void write_assets(const KnownAssets& known, http::Response& response) {
  Json all = Json::array();
  for (const auto& asset : known.assets) all.push(to_json(asset));
  const auto& snapshot = known.snapshot;
  response.add("etag", tag_of(known));
  response.set(
      200, kJsonType,
      to_text(Json::object({{"assets", std::move(all)},
                            {"snapshot", snapshot ? Json(snapshot->digest.hex()) : Json()},
                            {"since", snapshot ? Json(snapshot->created.text()) : Json()}})) +
          "\n");
}

Result<std::vector<Asset>> assets_in(const http::Request& request) {
  WINNOW_TRY(const auto body, json_body(request, {"assets"}));
  WINNOW_TRY(const auto* const list, body.need_array("assets"));
  std::vector<Asset> assets;
  for (const auto& item : list->items()) {
    auto asset = asset_of(item);
    if (!asset) return asset.error().with_context(fmt::format("assets[{}]", assets.size()));
    assets.push_back(std::move(*asset));
  }
  return checked(std::move(assets));
}

}  // namespace

void get_assets(Call& call) {
  if (const auto query = Query::parse(call.request().query, call.route()); !query)
    return write_problem(query.error(), call.response());
  call.look_up_later([tag = std::string(call.request().field("if-none-match"))](
                         RecordStores& stores, http::Response& response) {
    const auto known = known_assets(*stores.registry);
    if (!known) return write_problem(known.error(), response);
    if (!names_tag(tag, tag_of(*known))) return write_assets(*known, response);
    response.add("etag", tag_of(*known));
    response.status = 304;
  });
}

// Who changes them says which they have seen: two people's lists do not overwrite each other.
void put_assets(Call& call) {
  auto wanted = assets_in(call.request());
  if (!wanted) return write_problem(wanted.error(), call.response());
  call.change_later([wanted = std::move(*wanted), actor = call.who().name,
                     seen = std::string(call.request().field("if-match"))](
                        DeskStores& stores, http::Response& response) {
    const auto before = known_assets(stores.registry);
    if (!before) return write_problem(before.error(), response);
    if (!seen.empty() && !names_tag(seen, tag_of(*before)))
      return write_problem(412, "the list of assets is another now",
                           "read it again: GET /v1/assets", response);
    if (const auto made = import_assets(stores.registry, wanted, actor); !made)
      return write_problem(made.error(), response);
    const auto after = known_assets(stores.registry);
    if (!after) return write_problem(after.error(), response);
    write_assets(*after, response);
  });
}

}  // namespace winnow::server
