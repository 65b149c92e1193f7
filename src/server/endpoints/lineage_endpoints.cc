#include "server/endpoints/lineage_endpoints.h"

#include "server/endpoints/lineage.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {

void get_lineage(Call& call) {
  if (const auto query = Query::parse(call.request().query, call.route()); !query)
    return write_problem(query.error(), call.response());
  call.look_up_later([id = call.variable()](RecordStores& stores, http::Response& response) {
    const auto graph = lineage_of(stores, id);
    if (!graph) return write_problem(graph.error(), response);
    response.set(200, kJsonType, to_text(*graph) + "\n");
  });
}

}  // namespace winnow::server
