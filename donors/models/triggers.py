"""What PostgreSQL itself holds about people, beyond what a constraint can say."""

import pgtrigger


def coordinators_in_the_coordinating_body(violation: str) -> pgtrigger.Trigger:
    """Refuses the role of coordinator outside the coordinating body; `violation` names the constraint in the error."""
    return pgtrigger.Trigger(
        name="coordinators_in_the_coordinating_body",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__role="coordinator"),
        func=f"""
                    IF NOT EXISTS (SELECT 1 FROM donors_organization
                                   WHERE id = NEW.organization_id AND is_coordinating_body) THEN
                        RAISE EXCEPTION 'a coordinator must be a member of the coordinating body'
                            USING ERRCODE = 'check_violation',
                                  CONSTRAINT = '{violation}';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  (the name is a constant of the models)
    )
