// What stands in for Elasticsearch's bulk API, so that what already ships there ships here:
// https://www.elastic.co/guide/en/elasticsearch/reference/8.11/docs-bulk.html
#pragma once

#include "server/call.h"
#include "server/dialect.h"

namespace winnow::server {

extern const Dialect kElasticDialect;

void tell_elastic_info(Call& call);
void receive_elastic_bulk(Call& call);

}  // namespace winnow::server
