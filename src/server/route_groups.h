// Every group of endpoints: NAME_routes.cc describes it, NAME_endpoints.cc performs it. To add one:
// its two files, its line here, its line in routes.cc.
#pragma once

#include "server/route.h"

namespace winnow::server {

RouteGroup operation_routes();    // health, metrics, the API's description
RouteGroup live_routes();         // what happens now, for those who watch
RouteGroup session_routes();      // people who sign in
RouteGroup sign_in_routes();      // the ways in, and the identity provider's
RouteGroup token_routes();        // of programs and people
RouteGroup scoring_routes();      // mail in
RouteGroup event_routes();        // mail and mail logs in, decided later
RouteGroup source_routes();       // who sends what, and how that does
RouteGroup search_routes();       // what came, looked through
RouteGroup splunk_routes();       // the same as Splunk's clients send it
RouteGroup elastic_routes();      // and Elasticsearch's
RouteGroup deployment_routes();   // which bundle decides
RouteGroup decision_routes();     // what was decided
RouteGroup case_routes();         // the queue, cases, what people do with them
RouteGroup finding_routes();      // a finding with its mail
RouteGroup identity_routes();     // who was where when
RouteGroup asset_routes();        // what hosts, users and networks are worth
RouteGroup feature_routes();      // what decides by which values, and those over history
RouteGroup suppression_routes();  // what nobody needs to be told of
RouteGroup hold_routes();         // what is kept whatever its age
RouteGroup retention_routes();    // what goes when its time is over
RouteGroup quarantine_routes();   // what could not be used
RouteGroup run_routes();          // what was executed, and what it found
RouteGroup audit_routes();        // who changed what, proven
RouteGroup lineage_routes();      // where something comes from

}  // namespace winnow::server
