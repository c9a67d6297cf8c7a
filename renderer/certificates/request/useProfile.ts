import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { CertificateProfileInput } from "../../../preload/contract/certificate-profile.ts";
import { call } from "../../client/call.ts";
import { type ProfileForm, pathLengthProblem, profileOf, rowOfPart } from "./profile-form.ts";

/** Milliseconds without typing before the plan is asked for. */
const settle = 200;

/** The plan of a profile, asked for while the form is filled in: what it will say, and what is wrong where. */
export const useProfile = (module: string, form: ProfileForm) => {
  const profile = profileOf(form);
  const wanted = JSON.stringify(profile);
  const [settled, setSettled] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), settle);
    return () => clearTimeout(timer);
  }, [wanted]);
  const { data: plan, error } = useQuery({
    queryKey: ["certificates.plan", module, settled],
    queryFn: () => call("certificates.plan", { module, profile: JSON.parse(settled) as CertificateProfileInput }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const problems = plan?.problems ?? [];
  return {
    plan,
    error,
    profile,
    /** Whether it can be signed; false while the plan is behind what is typed. */
    ready: plan !== undefined && settled === wanted && problems.length === 0 && pathLengthProblem(form) === null,
    /** What is wrong with a part: "subject", "san.1" (a row of the form), "extendedKeyUsage" (any of them), "profile". */
    problem: (part: string): string | null =>
      problems.find((problem) => {
        const at = rowOfPart(form, problem.part);
        if (at) return part === `${at.list}.${at.row}`;
        return problem.part === part || problem.part.startsWith(`${part}.`);
      })?.message ?? null,
  };
};
