FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=transparency.settings

WORKDIR /atlas
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
RUN useradd --system --uid 10001 --home-dir /atlas --shell /usr/sbin/nologin atlas \
    && mkdir -p var && chown atlas:atlas var

# The settings want a database and a key; collecting files uses neither.
RUN DATABASE_URL=postgres://none@localhost/none SECRET_KEY=unused-while-building \
    python manage.py collectstatic --noinput --verbosity 0

USER atlas
VOLUME /atlas/var
EXPOSE 8000
CMD ["gunicorn", "transparency.wsgi:application", "--config", "python:transparency.gunicorn_conf"]
