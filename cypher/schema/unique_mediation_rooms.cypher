// schema/unique_mediation_rooms.cypher — one mediation room per id
// params: none
// returns: nothing
CREATE CONSTRAINT room_id IF NOT EXISTS FOR (room:MediationRoom) REQUIRE room.id IS UNIQUE
