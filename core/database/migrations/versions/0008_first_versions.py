"""What citizens are answered today is the first version that is kept."""

from alembic import op

revision = "0008_first_versions"
down_revision = "0007_changes_of_knowledge"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        INSERT INTO entry_versions (entry_id, version, stored_content, released_at, note)
        SELECT entry.id, entry.version,
            jsonb_build_object(
                'slug', entry.slug, 'topic', entry.topic, 'topic_title', entry.topic_title,
                'question', entry.question, 'variants', entry.variants, 'answer', entry.answer,
                'scope', entry.scope, 'department_code', department.code,
                'review_by', entry.review_by, 'steps', entry.steps,
                'materials', entry.materials, 'time_limit', entry.time_limit,
                'fee', entry.fee, 'place', entry.place, 'link', entry.link,
                'phone', entry.phone, 'local_gap', entry.local_gap,
                'is_people_only', entry.is_people_only,
                'references', coalesce(
                    (SELECT jsonb_agg(
                        jsonb_build_object(
                            'document', reference.document, 'document_no', reference.document_no,
                            'article', reference.article,
                            'effective_on', reference.effective_on,
                            'repealed_on', reference.repealed_on,
                            'successor', reference.successor
                        ) ORDER BY reference.id)
                     FROM policy_references AS reference WHERE reference.entry_id = entry.id),
                    '[]'::jsonb
                )
            ),
            entry.updated_at, ''
        FROM faq_entries AS entry JOIN departments AS department
            ON department.id = entry.department_id
        """
    )


def downgrade() -> None:
    op.execute("DELETE FROM entry_versions")
