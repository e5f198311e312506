// schema/unique_documents.cypher — one document (law, plan, notice) per id
// params: none
// returns: nothing
CREATE CONSTRAINT document_id IF NOT EXISTS FOR (document:Document) REQUIRE document.id IS UNIQUE
