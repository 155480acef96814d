"""A small client for a server of Coxa: people, uploads, jobs, assessments.

    with Client("http://127.0.0.1:8000") as coxa:
        anna = coxa.people()[0]
        job = coxa.upload(anna["id"], ["film.mp4"], protocol="seated_hip_rotation")
        job = coxa.wait(anna["id"], job["id"])
        print(coxa.assessment(anna["id"], job["assessments"][0])["document"]["findings"])

It needs ``httpx`` (``pip install 'coxa[client]'``) and nothing else of Coxa.
"""

from coxa.client.client import Client, JobFailedError, RefusedError

__all__ = ["Client", "JobFailedError", "RefusedError"]
