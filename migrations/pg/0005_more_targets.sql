-- The first target of an event is in its row; the others are kept here, beside it, from the record.
-- Records are canonical JSON, so `},{"id":` stands in each that has two targets, and in few others:
-- most events cost no more than this look. The tables stand beside each other, whatever the
-- search_path of the caller.
CREATE FUNCTION "audit_more_targets"("record" text) RETURNS TABLE ("type" text, "id" text) LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	list jsonb;
BEGIN
	list := "record"::jsonb -> 'targets';
	IF jsonb_typeof(list) = 'array' THEN
		RETURN QUERY SELECT target ->> 'type', target ->> 'id'
			FROM jsonb_array_elements(list) WITH ORDINALITY AS each (target, place)
			WHERE place > 1 AND jsonb_typeof(target -> 'type') = 'string' AND jsonb_typeof(target -> 'id') = 'string';
	END IF;
EXCEPTION WHEN OTHERS THEN
	-- No JSON that jsonb can take: it has no targets but what its columns say.
	RETURN;
END
$$;
--> statement-breakpoint
CREATE FUNCTION "audit_events_add_targets"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('INSERT INTO %1$I.audit_event_targets (event_id, tenant, target_type, target_id, occurred_at)
		SELECT $1, $2, type, id, $3 FROM %1$I.audit_more_targets($4)
		WHERE NOT (type IS NOT DISTINCT FROM $5 AND id IS NOT DISTINCT FROM $6)
		ON CONFLICT DO NOTHING', TG_TABLE_SCHEMA)
		USING NEW.id, NEW.tenant, NEW.occurred_at, NEW.record, NEW.target_type, NEW.target_id;
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE FUNCTION "audit_events_remove_targets"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('DELETE FROM %I.audit_event_targets USING gone WHERE event_id = gone.id', TG_TABLE_SCHEMA);
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_events_more_targets" AFTER INSERT ON "audit_events"
	FOR EACH ROW WHEN (strpos(NEW."record", '},{"id":') > 0) EXECUTE FUNCTION "audit_events_add_targets"();
--> statement-breakpoint
CREATE TRIGGER "audit_events_fewer_targets" AFTER DELETE ON "audit_events"
	REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_remove_targets"();
--> statement-breakpoint
INSERT INTO "audit_event_targets" ("event_id", "tenant", "target_type", "target_id", "occurred_at")
	SELECT event."id", event."tenant", more."type", more."id", event."occurred_at"
	FROM "audit_events" AS event CROSS JOIN LATERAL "audit_more_targets"(event."record") AS more
	WHERE strpos(event."record", '},{"id":') > 0
		AND NOT (more."type" IS NOT DISTINCT FROM event."target_type" AND more."id" IS NOT DISTINCT FROM event."target_id")
	ON CONFLICT DO NOTHING;
--> statement-breakpoint
CREATE TRIGGER "audit_event_targets_no_update" BEFORE UPDATE ON "audit_event_targets"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_refuse"();
--> statement-breakpoint
CREATE TRIGGER "audit_event_targets_no_delete" BEFORE DELETE ON "audit_event_targets"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_refuse_delete"();
--> statement-breakpoint
CREATE TRIGGER "audit_event_targets_no_truncate" BEFORE TRUNCATE ON "audit_event_targets"
	FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_refuse"();
